package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/** Another client of the GPU, with a pattern in its memory and in its buffer. */
public final class Bystander {
  private static final int SECRET = 0x5ec2_0000;
  private static final int PAGE = 4096;
  private static final int PAGES = 8;
  private static final int RESULT = 4 * PAGE;

  private final Client own;
  private final RawGpu gpu;
  private final long memory;
  private int jobs;

  public Bystander(Machine machine) throws ErrnoException {
    own = machine.host("bystander");
    gpu = new RawGpu(own);
    memory = own.mmapAnonymous((long) PAGES * PAGE, 3);
    for (int i = 0; i < PAGES; i++) {
      own.store32(memory + (long) i * PAGE, SECRET + i);
      gpu.store(i * PAGE, SECRET + PAGES + i);
    }
  }

  /** The pattern is there, and nothing beside it. */
  public void assertUntouched() {
    for (int i = 0; i < PAGES; i++) {
      long page = memory + (long) i * PAGE;
      assertWithMessage("page %s", i).that(own.load32(page)).isEqualTo(SECRET + i);
      assertWithMessage("page %s", i).that(own.load32(page + 4)).isEqualTo(0);
      assertThat(gpu.load(i * PAGE)).isEqualTo(SECRET + PAGES + i);
      assertThat(gpu.load(i * PAGE + 4)).isEqualTo(0);
    }
    assertThat(own.load32(memory)).isEqualTo(SECRET);
  }

  /** A job of its own does what it should. */
  public void assertServed() throws ErrnoException {
    jobs++;
    gpu.run(gpu.msm.stream().memWrite(gpu.iova + RESULT + 8, jobs).dwords().toArray());
    assertThat(gpu.load(RESULT + 8)).isEqualTo(jobs);
    assertThat(gpu.msm.queueFaults(0)).isEqualTo(0);
  }

  public void exit() {
    own.exit();
  }
}
