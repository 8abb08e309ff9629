package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.DmaBufAttachment;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.scenario.ScatteredBuffer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dRegister;

/** Buffers from elsewhere: memory in pieces, as udmabuf or another driver would share it. */
class ExynosPrimeTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 3;
  private static final int COLOR = 0xff12_3456;

  /** A fill of the whole buffer, as an image of 64 pixels a line. */
  private static void fill(ExynosDevice device, int handle) throws ErrnoException {
    new G2dList()
        .set(G2dRegister.DST_COLOR_MODE, 1)
        .set(G2dRegister.DST_STRIDE, 256)
        .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(64, PAGES * 16))
        .set(G2dRegister.SF_COLOR, COLOR)
        .set(G2dRegister.BITBLT_COMMAND, 1 << 28)
        .base(G2dRegister.DST_BASE_ADDR, handle)
        .submit(device);
    device.exec(false);
  }

  @ParameterizedTest
  @CsvSource({
    "shared, dma-dev-default",
    "bind-task, dma-dev-default",
    "shared, own-allocator",
    "bind-task, subsystem-ops",
    "shared, arm-mapping"
  })
  void anEngineDrawsInABufferFromElsewhere(String tables, String mapping) throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=" + tables, "exynos.mapping=" + mapping)) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      ScatteredBuffer exporter = new ScatteredBuffer(tm2.machine, PAGES);
      int fd = exporter.share(tm2.drm().core(), client);
      LibDrm drm = new LibDrm(client, device.fd());

      int handle = drm.primeFdToHandle(fd);
      assertThat(drm.primeFdToHandle(fd)).isEqualTo(handle);
      fill(device, handle);

      for (int page = 0; page < PAGES; page++) {
        assertThat(exporter.load(page, 0)).isEqualTo(COLOR);
        assertThat(exporter.load(page, PAGE - 4)).isEqualTo(COLOR);
      }
      assertThat(device.info(handle).flags()).isEqualTo(1); // not contiguous
      assertThat(errnoOf(() -> device.mapOffset(handle))).isEqualTo(Errno.EINVAL);
      assertThat(errnoOf(() -> Tm2.mode(device).mapDumb(handle))).isEqualTo(Errno.EINVAL);
      assertThat(client.load32(client.mmap(fd, 0, PAGE))).isEqualTo(COLOR);
      assertThat(exporter.attachments()).isEqualTo(1);
      assertThat(exporter.mappings()).isEqualTo(1);
      client.close(fd);
      assertThat(exporter.isReleased()).isFalse();
      drm.closeGem(handle); // the mapping still holds it
      client.exit();
      assertThat(exporter.isReleased()).isTrue();
      assertThat(exporter.attachments()).isEqualTo(0);
      assertThat(exporter.mappings()).isEqualTo(0);
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dma-dev-default", "own-allocator", "subsystem-ops"})
  void anImportThatTheExporterRefusesLeavesNothingBehind(String mapping) throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.mapping=" + mapping)) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      ScatteredBuffer exporter = new ScatteredBuffer(tm2.machine, PAGES);
      int fd = exporter.share(tm2.drm().core(), client);
      exporter.refuseToMap();

      assertThat(errnoOf(() -> new LibDrm(client, device.fd()).primeFdToHandle(fd)))
          .isEqualTo(Errno.ENOMEM);
      client.close(fd);
      assertThat(exporter.attachments()).isEqualTo(0);
      assertThat(exporter.isReleased()).isTrue();
    }
  }

  /**
   * A GEM buffer of another driver, whose pages are wherever there was room: as msm's are, and
   * exported by the same helpers.
   */
  @Test
  void anEngineDrawsInAGemBufferOfAnotherDriver() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      GemOfOthers exporter = new GemOfOthers(tm2, PAGES, false);
      int fd = exporter.share(client);

      int handle = new LibDrm(client, device.fd()).primeFdToHandle(fd);
      fill(device, handle);

      for (int page = 0; page < PAGES; page++) {
        assertThat(exporter.load(page, 0)).isEqualTo(COLOR);
        assertThat(exporter.load(page, PAGE - 4)).isEqualTo(COLOR);
      }
      client.exit();
      assertThat(exporter.isFree()).isTrue();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  /** Another device finds the same memory, by addresses of its own. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anotherDeviceReachesWhatAnEngineDrew(int flags) throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      int handle = device.newBuffer(PAGES * PAGE, flags).handle();
      fill(device, handle);
      int fd = new LibDrm(client, device.fd()).primeHandleToFd(handle, OpenFlags.O_RDWR);
      DmaBuf buffer =
          (DmaBuf)
              requireNonNull(tm2.machine.processes().find(client.pid()))
                  .files()
                  .file(fd)
                  .operations();
      Device other = tm2.device("15540000.mmc");
      IommuDomain domain =
          requireNonNull(requireNonNull(tm2.machine.iommu().groupOf(other)).defaultDomain());

      assertThat(
              tm2.inKernel(() -> {
                DmaBufAttachment attachment = buffer.attach(other, tm2.machine.dma());
                ScatterList pieces = attachment.map(DmaDirection.BIDIRECTIONAL);
                long at = pieces.dmaAddress(0) + 2 * PAGE + 8;
                long pa = tm2.machine.iommu().iovaToPhys(domain, at);
                assertThat(tm2.machine.dram().getInt(pa)).isEqualTo(COLOR);
                attachment.unmap(pieces, DmaDirection.BIDIRECTIONAL);
                attachment.detach();
                assertThat(tm2.machine.iommu().iovaToPhys(domain, at)).isEqualTo(0);
              }))
          .isEmpty();
    }
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static Errno errnoOf(Call call) {
    return assertThrows(ErrnoException.class, call::run).errno();
  }

  @Test
  void aBufferGoesOutAndComesBackAsWhatItWas() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      LibDrm drm = new LibDrm(client, device.fd());
      int handle = device.newBuffer(PAGES * PAGE, 1).handle();

      int fd = drm.primeHandleToFd(handle, OpenFlags.O_RDWR);

      assertThat(drm.primeFdToHandle(fd)).isEqualTo(handle);
      long va = client.mmap(fd, 0, PAGES * PAGE);
      fill(device, handle);
      assertThat(client.load32(va + 2 * PAGE)).isEqualTo(COLOR);
      ErrnoException failure =
          assertThrows(ErrnoException.class, () -> drm.primeHandleToFd(99, OpenFlags.O_RDWR));
      assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
    }
  }
}
