package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.drm.DrmDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.scenario.ScatteredBuffer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * A board whose engines have no sysmmu: the first of them allocates for all, and what it gets are
 * the addresses of memory. Kernel: the fall-backs of exynos_drm_dma.c and exynos_drm_gem.c.
 */
class NoIommuTest {
  static final String BARE =
      """
      /dts-v1/;
      #include "tm2.dts"
      &decon { /delete-property/ iommus; };
      &g2d { /delete-property/ iommus; };
      &gsc_0 { /delete-property/ iommus; };
      &gsc_1 { /delete-property/ iommus; };
      &gsc_2 { /delete-property/ iommus; };
      """;

  @TempDir Path folder;

  private Tm2 boot(String... set) throws Exception {
    Path board = folder.resolve("bare.dts");
    Files.writeString(board, BARE);
    return Tm2.on(board.toString(), set);
  }

  @Test
  void buffersAreContiguousAndEveryEngineFindsThemWhereTheyAre() throws Exception {
    try (Tm2 tm2 = boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      Image image = Tm2.image(device, 1); // asks for pieces
      Image copy = Tm2.image(device);
      assertThat(device.info(image.buffer().handle()).flags()).isEqualTo(0);
      assertThat(tm2.log())
          .contains(
              "[drm] Non-contiguous allocation is not supported without IOMMU, falling back to"
                  + " contiguous buffer");

      G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, 0xff33_66cc).submit(device);
      device.exec(false);
      new ExynosIpp(device)
          .commit(
              1,
              0,
              new IppRequest()
                  .from(new IppPicture(image.buffer(), Format.XRGB8888, Tm2.WIDTH, Tm2.HEIGHT))
                  .to(new IppPicture(copy.buffer(), Format.XRGB8888, Tm2.WIDTH, Tm2.HEIGHT)),
              0);

      assertThat(Tm2.pixel(copy, 63, 15)).isEqualTo(0xff33_66cc);
      tm2.show(device, copy.buffer());
      assertThat(tm2.panel().pixel(5, 5)).isEqualTo(0x33_66cc);
      client.exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void filesCannotBeApart() throws Exception {
    try (Tm2 tm2 = boot("exynos.pagetables=bind-task")) {
      assertThat(tm2.device("exynos-drm").find(DrmDevice.class)).isNull();
    }
  }

  /** {@code exynos_drm_gem_prime_import_sg_table()}: the engines would see the pieces. */
  @Test
  void aBufferFromElsewhereThatLiesInPiecesIsRefusedAndNothingIsHeld() throws Exception {
    try (Tm2 tm2 = boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      ScatteredBuffer exporter = new ScatteredBuffer(tm2.machine, 3);
      int fd = exporter.share(tm2.drm().core(), client);

      ErrnoException refused =
          assertThrows(
              ErrnoException.class, () -> new LibDrm(client, device.fd()).primeFdToHandle(fd));

      assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
      assertThat(exporter.attachments()).isEqualTo(0);
      assertThat(exporter.mappings()).isEqualTo(0);
      client.close(fd);
      assertThat(exporter.isReleased()).isTrue();
    }
  }
}
