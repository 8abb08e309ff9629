package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.G2dRegister;

/** No list that a client can submit stops the machine, and engines come and go. */
class HostileListsTest {
  private static final int FAR = 8000;

  /**
   * A fill whose rectangle is checked by its first value and executed by its second: it draws as
   * far as coordinates go.
   */
  private static G2dList beyond(Image image) {
    return G2dList.fill(image, 0, 0, 1, 1, 0xbad)
        .set(G2dRegister.DST_STRIDE, 0xffff)
        .set(G2dRegister.DST_LEFT_TOP, G2dList.point(0, FAR - 1))
        .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(1, FAR));
  }

  @Test
  void aListThatDrawsWhereNothingIsMappedEndsAloneAndIsNamed() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice bad = tm2.open(tm2.machine.host("fuzzer"));
      ExynosDevice good = tm2.open(tm2.machine.host("painter"));
      Image theirs = Tm2.image(bad);
      Image ours = Tm2.image(good);

      beyond(theirs).submit(bad);
      ErrnoException failure = assertThrows(ErrnoException.class, () -> bad.exec(false));

      assertThat(failure.errno()).isEqualTo(Errno.EIO);
      assertThat(tm2.log()).contains("12480000.g2d: [WRITE] PAGE FAULT occurred at");
      assertThat(tm2.log()).containsMatch("fuzzer\\[\\d+]: job ended by a fault: it wrote 0x");
      G2dList.fill(ours, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, 7).submit(good);
      good.exec(false);
      assertThat(Tm2.pixel(ours, 63, 15)).isEqualTo(7);
      G2dList.fill(theirs, 0, 0, 4, 4, 9).submit(bad);
      bad.exec(false);
      assertThat(Tm2.pixel(theirs, 3, 3)).isEqualTo(9);
    }
  }

  /**
   * Fills that are slow: their rows are one address, so that few pages do for millions of pixels.
   */
  private static void queueSlowFills(ExynosDevice device) throws ErrnoException {
    ExynosBuffer row = device.newBuffer(4 * FAR, 0);
    for (int color = 0; color < 30; color++) {
      new G2dList()
          .set(G2dRegister.DST_COLOR_MODE, 1)
          .set(G2dRegister.DST_STRIDE, 0)
          .set(G2dRegister.DST_LEFT_TOP, G2dList.point(0, 0))
          .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(FAR, FAR))
          .set(G2dRegister.SF_COLOR, color)
          .set(G2dRegister.BITBLT_COMMAND, 1 << 28)
          .base(G2dRegister.DST_BASE_ADDR, row.handle())
          .submit(device);
    }
  }

  private static void hog(Tm2 tm2, Client own) {
    try {
      ExynosDevice bad = tm2.open(own);
      queueSlowFills(bad);
      bad.exec(true);
      tm2.machine.scheduler().sleep(5_000_000);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private static int drawn(Tm2 tm2, Client own) {
    try {
      ExynosDevice good = tm2.open(own);
      Image ours = Tm2.image(good);
      tm2.machine.scheduler().sleep(1_000_000);
      G2dList.fill(ours, 0, 0, 4, 4, 7).submit(good);
      good.exec(false);
      return Tm2.pixel(ours, 3, 3);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "bind-task"})
  void whoGoesInTheMiddleOfAJobLeavesTheEngineToTheNext(String tables) throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=" + tables)) {
      tm2.machine.spawn("hog", own -> hog(tm2, own));
      List<Integer> drawn = new ArrayList<>();
      tm2.machine.spawn("painter", own -> drawn.add(drawn(tm2, own)));

      tm2.machine.settle();

      assertThat(tm2.log()).contains("wait timed out, resetting engine...");
      assertThat(tm2.log()).doesNotContain("painter[");
      assertThat(drawn).containsExactly(7);
    }
  }

  @Test
  void upstreamPanics() throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.fault=panic")) {
      ExynosDevice bad = tm2.open(tm2.machine.host("fuzzer"));
      Image theirs = Tm2.image(bad);
      beyond(theirs).submit(bad);

      MachineStopped stopped = assertThrows(MachineStopped.class, () -> bad.exec(false));

      assertThat(stopped).hasMessageThat().contains("Unrecoverable System MMU Fault!");
    }
  }

  @Test
  void aListWithoutAnImageFaultsAtAddressZero() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice bad = tm2.open(tm2.machine.host("fuzzer"));
      new G2dList()
          .set(G2dRegister.DST_COLOR_MODE, 1)
          .set(G2dRegister.DST_STRIDE, 4)
          .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(1, 1))
          .set(G2dRegister.BITBLT_COMMAND, 1 << 28)
          .submit(bad);

      assertThat(assertThrows(ErrnoException.class, () -> bad.exec(false)).errno())
          .isEqualTo(Errno.EIO);
      assertThat(tm2.log()).contains("FAULT occurred at 0x0");
    }
  }

  @Test
  void anEngineThatUnbindsTakesTheDeviceDownAndBringsItBackUp() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice before = tm2.open(client);
      Image image = Tm2.image(before);
      G2dList.fill(image, 0, 0, 4, 4, 9).submit(before); // never executed
      PlatformDevice g2d = tm2.device(Tm2.G2D);

      assertThat(tm2.inKernel(() -> tm2.machine.devices().unbind(g2d))).isEmpty();
      assertThat(assertThrows(ErrnoException.class, before::g2dVersion).errno())
          .isEqualTo(Errno.ENODEV);
      assertThat(tm2.inKernel(() -> tm2.machine.devices().bind(g2d))).isEmpty();

      Client second = tm2.machine.host("second");
      ExynosDevice after = tm2.open(second);
      Image again = Tm2.image(after);
      G2dList.fill(again, 0, 0, 4, 4, 9).submit(after);
      after.exec(false);
      assertThat(Tm2.pixel(again, 3, 3)).isEqualTo(9);
      client.exit();
      second.exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void twoProcessesWithOneFileShareItsLists() throws Exception {
    try (Tm2 tm2 = Tm2.boot("schedule=random", "seed=11")) {
      Client parent =
          tm2.machine.spawn(
              "parent",
              own -> {
                try {
                  ExynosDevice device = tm2.open(own);
                  Image image = Tm2.image(device);
                  int _ = own.fork(child -> drawMany(new ExynosDevice(child, device.fd()), image));
                  drawMany(device, image);
                } catch (ErrnoException e) {
                  throw new IllegalStateException(e);
                }
              });
      tm2.machine.settle();

      assertThat(parent.pid()).isGreaterThan(0);
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  private static void drawMany(ExynosDevice device, Image image) {
    for (int i = 0; i < 20; i++) {
      try {
        G2dList.fill(image, i, 0, 1, 1, i).submit(device);
        device.exec(i % 3 == 0);
      } catch (ErrnoException e) {
        // The other one took the list (EPERM), or all slots (ENOMEM).
        assertThat(e.errno()).isAnyOf(Errno.EPERM, Errno.ENOMEM);
      }
    }
  }
}
