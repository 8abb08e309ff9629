package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;

/**
 * A component that loses its driver takes the whole DRM device down, also the display that is on
 * and shares its address space; with the driver back, the next client draws and shows again.
 * Kernel: {@code component_del()}, {@code take_down_aggregate_device()}.
 *
 * <p>Under {@code dma-dev-default} the panel stays dark, as upstream's does: DECON keeps its own
 * default domain, which is the shared one, and each component that leaves that domain takes it away
 * from DECON's sysmmus, too ({@code exynos_iommu_identity_attach()}); their next resume enables
 * nothing. Under {@code exynos.detach=own-controllers} each takes but itself away, and DECON shows
 * again. The other mappings attach DECON anew.
 */
class UnbindWhileShownTest {
  private static final int COLOR = 0xff33_66cc;

  private static void drawAndShow(Tm2 tm2, ExynosDevice device) throws ErrnoException {
    Image image = Tm2.image(device);
    G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, COLOR).submit(device);
    device.exec(false);
    tm2.show(device, image.buffer());
  }

  @ParameterizedTest
  @CsvSource({
    "dma-dev-default, 12480000.g2d, dark, shown",
    "dma-dev-default, 13c00000.video-scaler, dark, shown",
    "own-allocator, 12480000.g2d, shown, shown",
    "subsystem-ops, 12480000.g2d, shown, shown",
  })
  void aComponentThatUnbindsTurnsTheDisplayOffAndWhoComesBackMayShow(
      String mapping, String component, String allControllers, String ownControllers)
      throws Exception {
    assertThat(afterwards(component, "exynos.mapping=" + mapping)).isEqualTo(allControllers);
    assertThat(afterwards(component, "exynos.mapping=" + mapping, "exynos.detach=own-controllers"))
        .isEqualTo(ownControllers);
  }

  /** Says what the panel is after {@code component} went and came back. */
  private static String afterwards(String component, String... set) throws Exception {
    try (Tm2 tm2 = Tm2.boot(set)) {
      ExynosDevice before = tm2.open(tm2.machine.host("before"));
      drawAndShow(tm2, before);
      assertThat(tm2.panel().pixel(5, 5)).isEqualTo(COLOR & 0xff_ffff);

      PlatformDevice unbound = tm2.device(component);
      assertThat(tm2.inKernel(() -> tm2.machine.devices().unbind(unbound))).isEmpty();

      assertThat(tm2.panel().pixel(5, 5)).isEqualTo(0);
      var e = assertThrows(ErrnoException.class, () -> before.newBuffer(4096, 0));
      assertThat(e.errno()).isEqualTo(Errno.ENODEV);
      before.client().exit();

      assertThat(tm2.inKernel(() -> tm2.machine.devices().bind(unbound))).isEmpty();
      ExynosDevice after = tm2.open(tm2.machine.host("after"));
      drawAndShow(tm2, after);

      assertThat(tm2.log()).doesNotContain("FAULT occurred");
      int pixel = tm2.panel().pixel(5, 5);
      assertThat(pixel).isAnyOf(0, COLOR & 0xff_ffff);
      return pixel == 0 ? "dark" : "shown";
    }
  }
}
