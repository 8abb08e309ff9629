package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.junit.Board;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/** A device that does not snoop reads stale memory if its driver leaves out a sync. */
@SuppressWarnings("NullAway.Init") // each test boots first
class NonCoherentDeviceTest {
  private static final int PAGE = 4096;

  /** Board virt, but copy0 does not snoop. */
  private static final String BOARD =
      """
      /dts-v1/;
      #include "virt.dts"
      &copy0 { /delete-property/ dma-coherent; };
      """;

  /** No address needs more than 32 bits, so no pool is made. */
  private static final String ONLY_LOW_MEMORY =
      """
      / {
        memory@40000000 { reg = <0x0 0x40000000 0x0 0x40000000>; };
      };
      """;

  private Machine machine;
  private PlatformDevice engine;
  private CpuMemory cpu;
  private long from;
  private long to;

  private void boot(Path folder, KernelConfig config) throws Exception {
    bootBoard(Files.writeString(folder.resolve("board.dts"), BOARD), config);
  }

  private void bootBoard(Path board, KernelConfig config) throws Exception {
    machine = Machine.on(new Boards().load(board.toString())).config(config).boot();
    engine = requireNonNull(machine.devices().find("a000000.copy"));
    cpu = machine.pages().cpu();
    PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
    from = machine.pages().alloc(0, owner);
    to = machine.pages().alloc(0, owner);
  }

  @AfterEach
  void shutDown() {
    if (machine != null) {
      machine.close();
    }
  }

  @Test
  void whatTheCpuWritesAfterTheMapTheDeviceDoesNotSee(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults().with("cpu.cache", "write-back"));

    assertThat(copied(false)).isEqualTo(1); // old bytes
  }

  @Test
  void withASyncItDoes(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults().with("cpu.cache", "write-back"));

    assertThat(copied(true)).isEqualTo(2);
  }

  @Test
  void withoutAModelOfTheCacheNobodyNotices(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults());

    assertThat(copied(false)).isEqualTo(2);
  }

  @Test
  void aWatcherTellsOfTheAccessThatNobodySynced(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults().with("cpu.cache", "tracked").with("dma.debug", "1"));

    var _ = copied(false);

    assertThat(log())
        .contains(
            "the CPU writes to memory that is mapped for a000000.copy and not synced for the CPU");
  }

  /** Maps with 1 in memory, writes 2, perhaps syncs, and has the engine copy. */
  private int copied(boolean synced) throws Exception {
    int[] found = new int[1];
    KernelThread.run(
        machine,
        () -> {
          cpu.store(from, 4, 1);
          long source = machine.dma().mapPage(engine, from, PAGE, TO_DEVICE);
          long target = machine.dma().mapPage(engine, to, PAGE, FROM_DEVICE);
          cpu.store(from, 4, 2);
          if (synced) {
            machine.dma().syncForDevice(engine, source, 4, TO_DEVICE);
          }
          requireNonNull(engine.find(CopyController.class))
              .copy(source, target, 4, CopyController.NO_PASID);
          machine.dma().unmapPage(engine, source, PAGE, TO_DEVICE);
          machine.dma().unmapPage(engine, target, PAGE, FROM_DEVICE);
          found[0] = (int) cpu.load(to, 4);
        });
    return found[0];
  }

  @Test
  void fewBytesInALineThatTheCpuWritesTooGoThroughThePool(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults().with("cpu.cache", "write-back"));

    copyBesideAStore();

    assertThat(cpu.load(to, 4)).isEqualTo(5);
    assertThat(cpu.load(to + 32, 4)).isEqualTo(7);
  }

  @Test
  void withoutAPoolTheDevicesBytesAreLost(@TempDir Path folder) throws Exception {
    Path board = Files.writeString(folder.resolve("low.dts"), BOARD + ONLY_LOW_MEMORY);
    bootBoard(board, KernelConfig.defaults().with("cpu.cache", "write-back"));

    copyBesideAStore();

    assertThat(cpu.load(to, 4)).isEqualTo(5);
    assertThat(cpu.load(to + 32, 4)).isEqualTo(0);
  }

  /** Has the engine write 7 where a line's second half begins, while the CPU writes 5 to it. */
  private void copyBesideAStore() throws Exception {
    KernelThread.run(
        machine,
        () -> {
          cpu.store(from, 4, 7);
          long source = machine.dma().mapPage(engine, from, PAGE, TO_DEVICE);
          long target = machine.dma().mapPage(engine, to + 32, 32, FROM_DEVICE);
          cpu.store(to, 4, 5);
          requireNonNull(engine.find(CopyController.class))
              .copy(source, target, 4, CopyController.NO_PASID);
          machine.dma().unmapPage(engine, target, 32, FROM_DEVICE);
          machine.dma().unmapPage(engine, source, PAGE, TO_DEVICE);
        });
  }

  @Test
  void driversThatSyncWorkOnDevicesThatDoNotSnoop(
      @Board(value = "virt", set = "cpu.cache=write-back") Machine booted) throws Exception {
    Client client = booted.host("copier");
    byte[] bytes = new byte[3 * PAGE];
    new SplittableRandom(1).nextBytes(bytes);
    int usb = client.open("/dev/sgusb0");
    int card = client.open("/dev/mmcblk0");

    assertThat(client.write(usb, bytes)).isEqualTo(bytes.length);
    assertThat(client.read(usb, bytes.length)).isEqualTo(bytes);
    assertThat(client.pwrite(card, bytes, 512)).isEqualTo(bytes.length);
    assertThat(client.pread(card, bytes.length, 512)).isEqualTo(bytes);
  }

  @Test
  void aWatcherTellsOfWhatADriverLeavesMapped(@TempDir Path folder) throws Exception {
    boot(folder, KernelConfig.defaults().with("dma.debug", "1"));
    KernelThread.run(
        machine,
        () -> {
          long mapped = machine.dma().mapPage(engine, from, PAGE, TO_DEVICE);
          assertThat(machine.dma().mappingError(engine, mapped)).isFalse();
          machine.dma().unmapPage(engine, mapped, 512, TO_DEVICE);
          long again = machine.dma().mapPage(engine, to, PAGE, TO_DEVICE);
          assertThat(machine.dma().mappingError(engine, again)).isFalse();
          machine.devices().unbind(engine);
        });

    assertThat(log()).contains("device driver frees DMA memory with different size");
    assertThat(log()).contains("device driver has pending DMA allocations while released from");
  }

  private String log() {
    StringBuilder text = new StringBuilder();
    machine.dmesg().lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
