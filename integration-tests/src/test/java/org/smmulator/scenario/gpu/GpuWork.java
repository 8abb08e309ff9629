package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;

/** Small jobs for a GPU, and time that passes meanwhile. */
final class GpuWork {
  private GpuWork() {}

  /** Has the GPU write {@code value} to the first word of the buffer. */
  static MsmJob write(MsmDevice gpu, int queue, MsmBuffer buffer, int value) throws ErrnoException {
    var use = ImmutableList.of(new MsmDevice.Use(buffer, GemSubmitBo.WRITE));
    return gpu.submit(queue, use, gpu.stream().memWrite(buffer.iova(), value));
  }

  /** Has the GPU wait until the first word of the buffer is not 0. */
  static MsmJob waitFor(MsmDevice gpu, int queue, MsmBuffer buffer) throws ErrnoException {
    var use = ImmutableList.of(new MsmDevice.Use(buffer, GemSubmitBo.READ));
    return gpu.submit(queue, use, gpu.stream().waitUntilAtLeast(buffer.iova(), 1));
  }

  static void pass(Machine machine, long ns) {
    long until = machine.scheduler().nowNs() + ns;
    machine.scheduler().after(ns, () -> {});
    assertThat(machine.run(() -> machine.scheduler().nowNs() >= until)).isTrue();
  }
}
