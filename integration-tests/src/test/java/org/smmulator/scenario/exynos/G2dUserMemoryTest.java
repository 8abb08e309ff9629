package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.G2dCmd;
import org.smmulator.uapi.exynos.G2dUserptr;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;

/**
 * Memory of the caller's as an image: {@code G2D_BUF_USERPTR}. A command has 32 bits, so that what
 * describes the memory must lie in the lower 4 GiB of the process.
 */
class G2dUserMemoryTest {
  private static final int LOW = 0x1000_0000;
  private static final int DST_BASE = 0x404;
  private static final int READ = 1;
  private static final int READ_WRITE = 3;
  private static final int PAGE = 4096;
  private static final int COLOR = 0xff12_3456;

  /** A process with a page in the lower 4 GiB, and an open device. */
  private record Painter(Client client, ExynosDevice device) {
    static Painter on(Tm2 tm2) throws ErrnoException {
      Client client = tm2.machine.host("painter");
      client.mmapAnonymousAt(LOW, PAGE, READ_WRITE);
      return new Painter(client, tm2.open(client));
    }

    /** Describes memory, and adds a fill of 8 by 4 pixels of it. */
    void fill(int at, long userPtr, long sizeBytes, int color) throws ErrnoException {
      MemorySegment described = MemorySegment.ofArray(new long[2]);
      new G2dUserptr(userPtr, sizeBytes).write(described, 0);
      client.store(LOW + at, described);
      device.setCmdlist(
          ImmutableIntArray.of(
              0x40c,
              1,
              0x408,
              32,
              0x410,
              0,
              0x414,
              G2dList.point(8, 4),
              0x70c,
              color,
              0x104,
              1 << 28),
          ImmutableIntArray.of(DST_BASE | G2dCmd.BUF_USERPTR, LOW + at));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shared, dma-dev-default",
    "bind-task, dma-dev-default",
    "bind-task, own-allocator",
    "shared, subsystem-ops"
  })
  void theEngineDrawsInMemoryOfTheProcess(String tables, String mapping) throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=" + tables, "exynos.mapping=" + mapping)) {
      Painter painter = Painter.on(tm2);
      long memory = painter.client().mmapAnonymous(3 * PAGE, READ_WRITE);
      long image = memory + PAGE - 64; // over the end of a page

      painter.fill(0, image, 8 * 4 * 4, COLOR);
      painter.fill(16, memory + 2 * PAGE, 8 * 4 * 4, 7);
      painter.device().exec(false);

      assertThat(painter.client().load32(image - 4)).isEqualTo(0);
      assertThat(painter.client().load32(image)).isEqualTo(COLOR);
      assertThat(painter.client().load32(image + 124)).isEqualTo(COLOR);
      assertThat(painter.client().load32(image + 128)).isEqualTo(0);
      assertThat(painter.client().load32(memory + 2 * PAGE)).isEqualTo(7);
      painter.client().exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aRangeThatIsAskedForAgainOrWithAnotherSizeIsTheSameMemory() throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=bind-task")) {
      Painter painter = Painter.on(tm2);
      long memory = painter.client().mmapAnonymous(2 * PAGE, READ_WRITE);
      for (int turn = 1; turn < 6; turn++) {
        painter.fill(0, memory, 128, turn);
        painter.fill(16, memory, turn % 2 == 0 ? 128 : PAGE, 10 + turn);
        painter.device().exec(turn % 3 == 0);
        tm2.machine.settle();
        assertThat(painter.client().load32(memory + 124)).isEqualTo(10 + turn);
      }
      painter.client().exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void pagesThatTheProcessUnmapsStayUntilTheEngineIsDone() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Painter painter = Painter.on(tm2);
      long memory = painter.client().mmapAnonymous(PAGE, READ_WRITE);
      painter.fill(0, memory, 128, COLOR);
      painter.client().munmap(memory, PAGE);
      long other = painter.client().mmapAnonymous(PAGE, READ_WRITE);
      painter.client().store32(other, 5);

      painter.device().exec(false);

      assertThat(painter.client().load32(other)).isEqualTo(5);
      assertThat(tm2.log()).doesNotContain("FAULT occurred");
      painter.client().exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void whatCannotBePinnedIsEfault() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Painter painter = Painter.on(tm2);
      Client client = painter.client();
      long readOnly = client.mmapAnonymous(PAGE, READ);
      long one = client.mmapAnonymous(PAGE, READ_WRITE);
      var buffer = painter.device().newBuffer(PAGE, 0);
      long ofDevice = client.mmap(painter.device().fd(), buffer.mmapOffset(), PAGE);
      long[][] wrong = {
        {readOnly, 128},
        {0xdead_0000L, 128},
        {one, 127},
        {-16, 128},
        {ofDevice, 128},
        {one, 1L << 60}
      };
      for (long[] each : wrong) {
        ErrnoException failure =
            assertThrows(ErrnoException.class, () -> painter.fill(0, each[0], each[1], 1));
        assertWithMessage("%s", each[0]).that(failure.errno()).isEqualTo(Errno.EFAULT);
      }
      client.munmap(LOW, PAGE);
      ErrnoException failure =
          assertThrows(
              ErrnoException.class,
              () ->
                  painter
                      .device()
                      .setCmdlist(
                          ImmutableIntArray.of(),
                          ImmutableIntArray.of(DST_BASE | G2dCmd.BUF_USERPTR, LOW)));
      assertThat(failure.errno()).isEqualTo(Errno.EFAULT);
    }
  }
}
