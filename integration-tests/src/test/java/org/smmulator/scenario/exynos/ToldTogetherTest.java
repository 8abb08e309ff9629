package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * {@code iommu.groups=driver-told}: "who tells the IOMMU driver which masters belong together?" The
 * DRM driver does, and the sysmmus of all its engines are one group with one default domain, so
 * that nobody needs to attach anything.
 */
class ToldTogetherTest {
  private static final String GSC = "13c00000.video-scaler";

  @Test
  void enginesThatAreToldOfAreOneGroupAndABufferIsDrawnScaledAndShown() throws Exception {
    try (Tm2 tm2 = Tm2.boot("iommu.groups=driver-told")) {
      IommuGroup group = requireNonNull(tm2.machine.iommu().groupOf(tm2.device(Tm2.DECON)));
      assertThat(tm2.machine.iommu().groupOf(tm2.device(Tm2.G2D))).isSameInstanceAs(group);
      assertThat(tm2.machine.iommu().groupOf(tm2.device(GSC))).isSameInstanceAs(group);
      assertThat(group.domain()).isSameInstanceAs(group.defaultDomain());
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      Image image = Tm2.image(device);
      Image copy = Tm2.image(device);

      G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, 0xff33_66cc).submit(device);
      device.exec(false);
      new ExynosIpp(device)
          .commit(
              0,
              0,
              new IppRequest()
                  .from(new IppPicture(image.buffer(), Format.XRGB8888, Tm2.WIDTH, Tm2.HEIGHT))
                  .to(new IppPicture(copy.buffer(), Format.XRGB8888, Tm2.WIDTH, Tm2.HEIGHT)),
              0);

      assertThat(Tm2.pixel(copy, 5, 5)).isEqualTo(0xff33_66cc);
      assertThat(tm2.log()).doesNotContain("WARNING");
      client.exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void anEngineThatUnbindsAndBindsAgainIsStillToldOf() throws Exception {
    try (Tm2 tm2 = Tm2.boot("iommu.groups=driver-told")) {
      PlatformDevice g2d = tm2.device(Tm2.G2D);
      IommuGroup before = tm2.machine.iommu().groupOf(g2d);

      assertThat(tm2.inKernel(() -> tm2.machine.devices().unbind(g2d))).isEmpty();
      assertThat(tm2.inKernel(() -> tm2.machine.devices().bind(g2d))).isEmpty();

      assertThat(tm2.machine.iommu().groupOf(g2d)).isSameInstanceAs(before);
      assertThat(tm2.log()).doesNotContain("WARNING");
    }
  }

  @Test
  void aDriverTellsBeforeTheFirstAttachOrNotAtAll() throws Exception {
    try (Tm2 tm2 = Tm2.boot("iommu.groups=driver-told", "exynos.mapping=own-domain")) {
      assertThat(
              tm2.inKernel(() ->
                  tm2.machine.iommu().tellTogether(tm2.device(Tm2.DECON), tm2.device(Tm2.G2D))))
          .hasValue("EBUSY");
    }
    try (Tm2 tm2 = Tm2.boot()) {
      PlatformDevice card = tm2.device("15540000.mmc");
      assertThat(tm2.inKernel(() -> tm2.machine.iommu().tellTogether(tm2.device(Tm2.DECON), card)))
          .hasValue("EOPNOTSUPP");
    }
  }
}
