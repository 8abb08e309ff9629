package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.scenario.KernelThread;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;

/**
 * The arguments of 2014 and 2018 with real engines: a client draws with the 2D engine, and a CRTC
 * scans the buffer out, under each owner of the addresses and each lookup of the DMA API. Of
 * {own-domain, dma-dev-default} x {attached-domain, default-domain} exactly one cell breaks.
 */
class WhoOwnsTheAddressesTest {
  private static final String WORKS = "drawn and shown";
  private static final String BROKEN = "EIO and a dark panel";
  private static final int COLOR = 0xff33_66cc;

  static Stream<Arguments> cells() {
    return Stream.of(
        arguments("dma-dev-default", "default-domain", "driver-managed", WORKS),
        arguments("dma-dev-default", "attached-domain", "driver-managed", WORKS),
        arguments("dma-dev-default", "dma-type-only", "driver-managed", WORKS),
        arguments("own-domain", "default-domain", "driver-managed", BROKEN),
        arguments("own-domain", "attached-domain", "driver-managed", WORKS),
        arguments("own-domain", "dma-type-only", "driver-managed", BROKEN),
        arguments("own-domain", "default-domain", "none", BROKEN),
        arguments("own-domain", "default-domain", "set-default", WORKS),
        arguments("own-domain", "default-domain", "flag-and-bless", WORKS),
        arguments("own-allocator", "default-domain", "driver-managed", WORKS),
        arguments("own-allocator", "attached-domain", "driver-managed", WORKS),
        arguments("own-allocator", "dma-type-only", "driver-managed", WORKS),
        arguments("subsystem-ops", "default-domain", "driver-managed", WORKS),
        arguments("subsystem-ops", "attached-domain", "driver-managed", WORKS),
        arguments("subsystem-ops", "dma-type-only", "driver-managed", WORKS),
        arguments("arm-mapping", "default-domain", "driver-managed", WORKS),
        arguments("arm-mapping", "attached-domain", "driver-managed", WORKS));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aBufferIsDrawnAndShown(String mapping, String lookup, String owner, String expected)
      throws Exception {
    try (Tm2 tm2 =
        Tm2.boot(
            "exynos.mapping=" + mapping,
            "dma.iommu-lookup=" + lookup,
            "dma.driver-domain=" + owner)) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      Image image = Tm2.image(device, 1);

      String drawn = draw(device, image);
      tm2.show(device, image.buffer());

      boolean lit = tm2.panel().pixel(5, 5) == (COLOR & 0xff_ffff);
      assertWithMessage(tm2.log())
          .that(drawn + " and " + (lit ? "shown" : "a dark panel"))
          .isEqualTo(expected);
      if (expected.equals(BROKEN)) {
        assertThat(tm2.log()).contains("PAGE FAULT occurred at");
        assertThat(tm2.panel().pixel(5, 5)).isEqualTo(0);
      }
      client.exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  private static String draw(ExynosDevice device, Image image) throws ErrnoException {
    G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, COLOR).submit(device);
    try {
      device.exec(false);
    } catch (ErrnoException e) {
      return e.errno().name();
    }
    return Tm2.pixel(image, 5, 5) == COLOR ? "drawn" : "not drawn";
  }

  @Test
  void theFirstEngineOfTheTableLendsItsDomainToTheOthers() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      var decon = tm2.machine.iommu().domainOf(tm2.device(Tm2.DECON));
      var g2d = tm2.machine.iommu().domainOf(tm2.device(Tm2.G2D));

      assertThat(g2d).isSameInstanceAs(decon);
      assertThat(tm2.log())
          .contains("[drm] Exynos DRM: using 13800000.decon device for DMA mapping operations");
      assertThat(tm2.log())
          .contains("exynos-drm exynos-drm: bound 13800000.decon (ops decon_component_ops)");
      assertThat(tm2.log()).contains("[drm] Initialized exynos 1.1.0 for exynos-drm on minor 0");
    }
  }

  /** Kernel: EXYNOS_DEV_ADDR_START and EXYNOS_DEV_ADDR_SIZE of exynos_drm_dma.c. */
  @Test
  void onThirtyTwoBitArmTheWindowIsOneGibibyte() throws Exception {
    try (Tm2 snow = Tm2.on("snow")) {
      Client client = snow.machine.host("painter");
      ExynosDevice device = snow.open(client);
      Image image = Tm2.image(device, 1);

      assertThat(draw(device, image)).isEqualTo("drawn");

      assertThat(snow.log()).contains("using 14400000.fimd device for DMA mapping operations");
      var domain = requireNonNull(snow.machine.iommu().domainOf(snow.device("14400000.fimd")));
      assertThat(snow.machine.iommu().iovaToPhys(domain, 0x2000_0000L)).isNotEqualTo(0);
      for (int taken = 0; taken < 3; taken++) {
        var _ = device.newBuffer(256 << 20, 1);
      }
      ErrnoException full =
          assertThrows(ErrnoException.class, () -> device.newBuffer(256 << 20, 1));
      assertThat(full.errno().name()).isEqualTo("ENOMEM");
      var _ = device.newBuffer(255 << 20, 1); // a megabyte is left, but for the lists and the image
      assertThrows(ErrnoException.class, () -> device.newBuffer(1 << 20, 1));
      assertThat(snow.machine.iommu().iovaToPhys(domain, 0x5ff0_0000L)).isNotEqualTo(0);
      assertThat(snow.machine.iommu().iovaToPhys(domain, 0x6000_0000L)).isEqualTo(0);
      assertThat(snow.machine.iommu().iovaToPhys(domain, 0x1fff_f000L)).isEqualTo(0);
    }
  }

  /** It was attached to its own default domain, so attaching and detaching it change nothing. */
  @Test
  void theDeviceForMappingOperationsComesAndGoesWithoutTouchingItsIommu() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      PlatformDevice decon = tm2.device(Tm2.DECON);
      PlatformDevice card = tm2.device("exynos-drm");
      var home = requireNonNull(tm2.machine.iommu().groupOf(decon)).defaultDomain();
      assertThat(tm2.machine.iommu().domainOf(decon)).isSameInstanceAs(home);

      assertThat(attached(tm2, () -> tm2.machine.devices().unbind(card))).doesNotContain(Tm2.DECON);
      assertThat(tm2.machine.iommu().domainOf(decon)).isSameInstanceAs(home);
      assertThat(tm2.machine.iommu().domainOf(tm2.device(Tm2.G2D))).isNotSameInstanceAs(home);
      assertThat(attached(tm2, () -> tm2.machine.devices().bind(card))).doesNotContain(Tm2.DECON);

      assertThat(tm2.machine.iommu().domainOf(tm2.device(Tm2.G2D))).isSameInstanceAs(home);
    }
  }

  /** The devices that the IOMMU core attached to a domain meanwhile. */
  private static List<String> attached(Tm2 tm2, KernelThread.Body code) throws Exception {
    tm2.machine.tracer().enableAll();
    int before = tm2.machine.tracer().events().size();
    assertThat(tm2.inKernel(code)).isEmpty();
    return tm2.machine.tracer().events().stream()
        .skip(before)
        .filter(event -> event.name().equals("attach_device_to_domain"))
        .map(event -> event.print())
        .map(text -> text.substring(text.indexOf('=') + 1))
        .toList();
  }
}
