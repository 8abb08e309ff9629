package org.smmulator.engines;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.engines.CopyEngine;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.engines.MsiDevice;
import org.smmulator.hw.engines.SdHost;
import org.smmulator.hw.engines.SgUsb;
import org.smmulator.hw.engines.VideoEngine;
import org.smmulator.hw.gic.V2mFrame;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.msi.GicV2mDriver;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.kernel.pm.SupplyMap;

/**
 * The engines and their drivers without an IOMMU. Between an engine and memory sits {@link #wire},
 * which a test replaces to refuse, redirect or hold up accesses.
 */
final class EngineMachine implements AutoCloseable {
  static final int FIRST_SPI = 232;

  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            #address-cells = <2>;
            #size-cells = <2>;
            frames: frames@82000000 { reg = <0 0x82000000 0 0x20000>; };
            frame: v2m@1000000 { compatible = "arm,gic-v2m-frame"; reg = <0 0x1000000 0 0x1000>; };
            copy@2000000 {
              compatible = "smmulator,copy-engine";
              reg = <0 0x2000000 0 0x1000>;
              interrupts = <0 1 4>;
            };
            usb@3000000 {
              compatible = "smmulator,sgusb";
              reg = <0 0x3000000 0 0x1000>;
              interrupts = <0 2 4>;
            };
            video@4000000 {
              compatible = "smmulator,video-engine";
              reg = <0 0x4000000 0 0x1000>;
              interrupts = <0 3 4>;
              memory-region = <&frames>;
            };
            mmc@5000000 {
              compatible = "smmulator,sdhost";
              reg = <0 0x5000000 0 0x1000>;
              interrupts = <0 4 4>;
            };
            msi@6000000 {
              compatible = "smmulator,msi-device";
              reg = <0 0x6000000 0 0x1000>;
              msi-parent = <&frame>;
            };
          };
          """);

  final TestKernel kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER);
  final DriverCore devices;
  private final SystemBus bus = new SystemBus(kernel.scheduler, 50);
  private final PageOwner owner = kernel.pages.owner("test", PageZone.CLIENT);

  /** Where every access of an engine leads; physical unless a test says otherwise. */
  Translator wire = Translator.none();

  EngineMachine() throws Exception {
    solder();
    DmaApi dma = new DmaApi(new DmaDirect(kernel.pages), kernel.tracer);
    MsiFrames frames = new MsiFrames();
    devices =
        new DriverCore(
            new PlatformServices(kernel.scheduler, kernel.dmesg, bus, kernel.irqs, new SupplyMap()),
            ImmutableList.of(
                new MsiDriver(kernel.services.kernel(), frames, MsiDoorbells.direct()),
                new GicV2mDriver(kernel.irqs, frames),
                new CopyDriver(kernel.services.kernel(), dma, nobodyShares()),
                new UsbDriver(kernel.services.kernel(), dma),
                new VideoDriver(kernel.services.kernel(), kernel.iommu),
                new SdDriver(kernel.services.kernel(), dma)),
            kernel.iommu.bus(),
            new ArchDmaSetup.PerDevice());
    kernel.run(() -> {
      devices.populate(TREE);
      devices.registerDrivers();
      devices.lateInitcall();
    });
  }

  private void solder() {
    EngineCosts costs = new EngineCosts(500, 50);
    CopyEngine copy =
        new CopyEngine("copy", 2, 8, costs, kernel.scheduler, port(), kernel.irqs.line(33));
    SgUsb usb = new SgUsb("usb", costs, kernel.scheduler, port(), kernel.irqs.line(34));
    VideoEngine video =
        new VideoEngine("video", costs, kernel.scheduler, port(), kernel.irqs.line(35));
    SdHost sd = new SdHost("mmc", 256, costs, kernel.scheduler, port(), kernel.irqs.line(36));
    MsiDevice msi = new MsiDevice("msi", costs, kernel.scheduler, port());
    ImmutableList<IrqPin> pins =
        IntStream.range(0, 4)
            .mapToObj(i -> kernel.irqs.line(FIRST_SPI + i))
            .collect(ImmutableList.toImmutableList());
    bus.attach("v2m", 0x100_0000L, 0x1000, new V2mFrame(FIRST_SPI, pins).mmio(), Wire.tiedHigh());
    bus.attach("copy", 0x200_0000L, 0x1000, copy.mmio(), Wire.tiedHigh());
    bus.attach("usb", 0x300_0000L, 0x1000, usb.mmio(), Wire.tiedHigh());
    bus.attach("video", 0x400_0000L, 0x1000, video.mmio(), Wire.tiedHigh());
    bus.attach("mmc", 0x500_0000L, 0x1000, sd.mmio(), Wire.tiedHigh());
    bus.attach("msi", 0x600_0000L, 0x1000, msi.mmio(), Wire.tiedHigh());
  }

  private BusMaster port() {
    return new BusMaster(
        kernel.dram, bus, (s, ss, iova, access) -> wire.translate(s, ss, iova, access), 0);
  }

  private <T> T controller(Class<T> type, String name) {
    Device device = requireNonNull(devices.find(name));
    return requireNonNull(device.find(type));
  }

  CopyController copy() {
    return controller(CopyController.class, "2000000.copy");
  }

  UsbController usb() {
    return controller(UsbController.class, "3000000.usb");
  }

  VideoController video() {
    return controller(VideoController.class, "4000000.video");
  }

  SdController sd() {
    return controller(SdController.class, "5000000.mmc");
  }

  MsiController msi() {
    return controller(MsiController.class, "6000000.msi");
  }

  /** Memory of {@code pages} pages. */
  long memory(int pages) throws Exception {
    return kernel.pages.allocRun(pages, owner);
  }

  /** Bytes that are not all the same, at {@code pa}. */
  byte[] fill(long pa, int sizeBytes, long seed) {
    byte[] bytes = new byte[sizeBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    kernel.dram.copyIn(pa, MemorySegment.ofArray(bytes), 0, sizeBytes);
    return bytes;
  }

  byte[] bytes(long pa, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    kernel.dram.copyOut(pa, MemorySegment.ofArray(bytes), 0, sizeBytes);
    return bytes;
  }

  @Override
  public void close() {
    kernel.close();
  }

  private IommuTasks nobodyShares() {
    return new IommuTasks(
        kernel.iommu,
        (device, task) -> {
          throw Errno.ENODEV.because("no tables here");
        });
  }
}
