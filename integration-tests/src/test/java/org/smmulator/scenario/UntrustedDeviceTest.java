package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/** Devices behind a port to the outside see nothing but what was given to them. */
class UntrustedDeviceTest {
  private static final int PAGE = 4096;
  private static final int SECRET = 0x5ec2e7;

  private static Machine boot(Path folder, String set, String value) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("board.dts"),
            """
            /dts-v1/;
            #include "virt.dts"
            &copy0 { external-facing; };
            &usb0 { external-facing; };
            """);
    KernelConfig config = KernelConfig.defaults().with(set, value);
    return Machine.on(new Boards().load(board.toString())).config(config).boot();
  }

  @Test
  void passthroughAndLazinessAreForTheOthers(@TempDir Path folder) throws Exception {
    try (Machine machine = boot(folder, "iommu.passthrough", "1")) {
      assertThat(typeOf(machine, "a030000.usb")).isEqualTo("DMA");
      assertThat(typeOf(machine, "a060000.usb")).isEqualTo("identity");
    }
    try (Machine machine = boot(folder, "iommu.strict", "0")) {
      assertThat(typeOf(machine, "a030000.usb")).isEqualTo("DMA");
      assertThat(typeOf(machine, "a060000.usb")).isEqualTo("DMA-FQ");
    }
  }

  private static String typeOf(Machine machine, String name) {
    PlatformDevice device = requireNonNull(machine.devices().find(name));
    return requireNonNull(machine.iommu().groupOf(device)).type();
  }

  @Test
  void whatSharesAPageWithABufferIsOutOfReach(@TempDir Path folder) throws Exception {
    try (Machine machine = boot(folder, "iommu.passthrough", "1")) {
      assertThat(neighbourOf(machine, "a000000.copy")).isEqualTo(0);
    }
  }

  @Test
  void atATrustedDeviceItIsInReachBecauseAnIommuKnowsOnlyPages(@TempDir Path folder)
      throws Exception {
    try (Machine machine = boot(folder, "iommu.passthrough", "0")) {
      assertThat(neighbourOf(machine, "a080000.copy")).isEqualTo(SECRET);
    }
  }

  /** Maps 64 bytes, and has the engine copy the bytes behind them. */
  private static int neighbourOf(Machine machine, String engine) throws Exception {
    PlatformDevice device = requireNonNull(machine.devices().find(engine));
    CopyController copy = requireNonNull(device.find(CopyController.class));
    DmaApi dma = machine.dma();
    PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
    long from = machine.pages().alloc(0, owner);
    long to = machine.pages().alloc(0, owner);
    machine.dram().putInt(from + 0x100, 0x600d);
    machine.dram().putInt(from + 0x140, SECRET);
    KernelThread.run(
        machine,
        () -> {
          long source = dma.mapPage(device, from + 0x100, 0x40, TO_DEVICE);
          long target = dma.mapPage(device, to, PAGE, FROM_DEVICE);
          copy.copy(source, target, 4, CopyController.NO_PASID);
          copy.copy(source + 0x40, target + 4, 4, CopyController.NO_PASID);
          dma.unmapPage(device, source, 0x40, TO_DEVICE);
          dma.unmapPage(device, target, PAGE, FROM_DEVICE);
        });
    assertThat(machine.dram().getInt(to)).isEqualTo(0x600d);
    return machine.dram().getInt(to + 4);
  }

  @Test
  void transfersOfAnySizeGoThrough(@TempDir Path folder) throws Exception {
    try (Machine machine = boot(folder, "dma.debug", "1")) {
      Client client = machine.host("copier");
      int usb = client.open("/dev/sgusb0");
      byte[] sent = new byte[2 * PAGE + 77];
      new SplittableRandom(7).nextBytes(sent);

      assertThat(client.write(usb, sent)).isEqualTo(sent.length);

      assertThat(client.read(usb, sent.length)).isEqualTo(sent);
    }
  }
}
