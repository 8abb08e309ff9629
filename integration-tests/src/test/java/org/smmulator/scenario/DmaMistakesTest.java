package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.scenario.DmaClient.DIRECT;
import static org.smmulator.scenario.DmaClient.PAGE;
import static org.smmulator.scenario.DmaClient.TRANSLATED;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.junit.Board;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.trace.Dmesg;
import org.smmulator.userspace.Client;

/** With {@code dma.debug}, dmesg reports each mistake that a driver makes with the DMA API. */
@SuppressWarnings("NullAway.Init") // each test boots first
class DmaMistakesTest {
  /** The iovas of the first page that is mapped, and of the first two. */
  private static final String FIRST_IOVA = "0x00000000fffff000";

  private static final String FIRST_TWO_IOVAS = "0x00000000ffffe000";

  private DmaClient client;
  private DmaApi dma;

  @BeforeEach
  void boot(@TempDir Path folder) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("dma.debug", "1").with("cpu.cache", "tracked");
    client = DmaClient.boot(folder, config, false);
    dma = client.machine.dma();
  }

  @AfterEach
  void shutDown() {
    client.close();
  }

  @Test
  void aDriverThatIsUnboundWithPagesMappedHasLeakedThem() throws Exception {
    run(() -> {
      var _ = client.map(TRANSLATED, client.page(), FROM_DEVICE);
      client.machine.devices().unbind(client.device(TRANSLATED));
    });

    // The driver is gone by then: the bus's name stands for it.
    assertThat(log())
        .containsExactly(
            "DMA-API: platform b000000.dma: device driver has pending DMA allocations while"
                + " released from device [count=1]\n"
                + "One of leaked entries details: [device address=0x00000000fffff000]"
                + " [size=4096 bytes] [mapped with DMA_FROM_DEVICE] [mapped as phy]");
  }

  @Test
  void aListAndCoherentMemoryLeakToo() throws Exception {
    run(() -> {
      dma.mapSgtable(client.device(TRANSLATED), client.pages(2), TO_DEVICE);
      CoherentBuffer buffer = dma.allocCoherent(client.device(DIRECT), PAGE);
      assertThat(buffer.sizeBytes()).isEqualTo(PAGE);
      client.machine.devices().unbind(client.device(TRANSLATED));
      client.machine.devices().unbind(client.device(DIRECT));
    });

    assertThat(log().get(0))
        .endsWith(
            "[device address=0x00000000ffffe000] [size=8192 bytes]"
                + " [mapped with DMA_TO_DEVICE] [mapped as scatter-gather]");
    assertThat(log().get(1)).endsWith("[mapped with DMA_BIDIRECTIONAL] [mapped as coherent]");
  }

  @Test
  void aPageThatIsUnmappedTwice() throws Exception {
    run(() -> {
      long at = client.map(TRANSLATED, client.page(), TO_DEVICE);
      dma.unmapPage(client.device(TRANSLATED), at, PAGE, TO_DEVICE);
      assertThat(log()).isEmpty();
      dma.unmapPage(client.device(TRANSLATED), at, PAGE, TO_DEVICE);
    });

    assertThat(log()).containsExactly(notAllocated(TRANSLATED, FIRST_IOVA, PAGE));
  }

  @Test
  void aListThatIsUnmappedTwiceAndThatTheDeviceSawInOnePiece() throws Exception {
    run(() -> {
      ScatterList list = client.pages(2);
      dma.mapSgtable(client.device(TRANSLATED), list, TO_DEVICE);
      dma.unmapSg(client.device(TRANSLATED), list, TO_DEVICE);
      assertThat(log()).isEmpty();
      dma.unmapSg(client.device(TRANSLATED), list, TO_DEVICE);
    });

    assertThat(log())
        .containsExactly(
            notAllocated(TRANSLATED, FIRST_TWO_IOVAS, 2 * PAGE),
            who(TRANSLATED) + "device driver tries to free an invalid DMA memory address")
        .inOrder();
  }

  @Test
  void aListThatIsUnmappedTwiceWithoutAnIommu() throws Exception {
    ScatterList list = client.pages(2);
    run(() -> {
      dma.mapSgtable(client.device(DIRECT), list, TO_DEVICE);
      dma.unmapSg(client.device(DIRECT), list, TO_DEVICE);
      dma.unmapSg(client.device(DIRECT), list, TO_DEVICE);
    });

    assertThat(log())
        .containsExactly(
            notAllocated(DIRECT, hex(list.pa(0)), PAGE),
            notAllocated(DIRECT, hex(list.pa(1)), PAGE))
        .inOrder();
  }

  @Test
  void anUnmapOfAnotherSize() throws Exception {
    run(() -> {
      long at = client.map(TRANSLATED, client.page(), TO_DEVICE);
      dma.unmapPage(client.device(TRANSLATED), at, 512, TO_DEVICE);
    });

    assertThat(log())
        .containsExactly(
            "DMA-API: dma-client b000000.dma: device driver frees DMA memory with different size"
                + " [device address=0x00000000fffff000] [map size=4096 bytes]"
                + " [unmap size=512 bytes]");
  }

  @Test
  void anUnmapInAnotherDirection() throws Exception {
    run(() -> {
      long at = client.map(TRANSLATED, client.page(), TO_DEVICE);
      dma.unmapPage(client.device(TRANSLATED), at, PAGE, BIDIRECTIONAL);
      ScatterList list = client.pages(1);
      dma.mapSgtable(client.device(TRANSLATED), list, FROM_DEVICE);
      dma.unmapSg(client.device(TRANSLATED), list, TO_DEVICE);
    });

    String words =
        "DMA-API: dma-client b000000.dma: device driver frees DMA memory with different direction"
            + " [device address=0x00000000fffff000] [size=4096 bytes]";
    assertThat(log())
        .containsExactly(
            words + " [mapped with DMA_TO_DEVICE] [unmapped with DMA_BIDIRECTIONAL]",
            words + " [mapped with DMA_FROM_DEVICE] [unmapped with DMA_TO_DEVICE]")
        .inOrder();
  }

  @Test
  void anUnmapByTheFunctionForLists() throws Exception {
    run(() -> {
      ScatterList list = client.pages(1);
      dma.mapSgtable(client.device(TRANSLATED), list, TO_DEVICE);
      dma.unmapPage(client.device(TRANSLATED), list.dmaAddress(0), PAGE, TO_DEVICE);
    });

    assertThat(log())
        .containsExactly(
            "DMA-API: dma-client b000000.dma: device driver frees DMA memory with wrong function"
                + " [device address=0x00000000fffff000] [size=4096 bytes]"
                + " [mapped as scatter-gather] [unmapped as phy]");
  }

  @Test
  void aMapWhoseSuccessNobodyAskedAbout() throws Exception {
    run(() -> {
      long at = dma.mapPage(client.device(TRANSLATED), client.page(), PAGE, TO_DEVICE);
      dma.unmapPage(client.device(TRANSLATED), at, PAGE, TO_DEVICE);
    });

    assertThat(log())
        .containsExactly(
            "DMA-API: dma-client b000000.dma: device driver failed to check map error"
                + "[device address=0x00000000fffff000] [size=4096 bytes] [mapped as phy]");
  }

  @Test
  void anAccessOfTheCpuWithoutASync() throws Exception {
    CpuMemory cpu = client.machine.pages().cpu();
    long pa = client.page();
    run(() -> {
      long at = client.map(TRANSLATED, pa, FROM_DEVICE);
      assertThat(cpu.load(pa + 8, 8)).isEqualTo(0);
      dma.syncForCpu(client.device(TRANSLATED), at, PAGE, FROM_DEVICE);
      assertThat(cpu.load(pa + 8, 8)).isEqualTo(0);
      dma.syncForDevice(client.device(TRANSLATED), at, PAGE, FROM_DEVICE);
      cpu.store(pa + 0x40, 8, 1);
    });

    String rest =
        "memory that is mapped for b000000.dma and not synced for the CPU [cpu address=%s]";
    assertThat(log())
        .containsExactly(
            "DMA-API: the CPU reads from " + rest.formatted(hex(pa + 8)),
            "DMA-API: the CPU writes to " + rest.formatted(hex(pa + 0x40)))
        .inOrder();
  }

  @Test
  void aDriverThatDoesItRightIsLeftInPeace() throws Exception {
    CpuMemory cpu = client.machine.pages().cpu();
    run(() -> {
      for (String name : ImmutableList.of(TRANSLATED, DIRECT)) {
        var device = client.device(name);
        long pa = client.page();
        long at = client.map(name, pa, BIDIRECTIONAL);
        dma.syncForCpu(device, at, 64, BIDIRECTIONAL);
        cpu.store(pa, 8, cpu.load(pa + 8, 8) + 1);
        dma.syncForDevice(device, at, 64, BIDIRECTIONAL);
        dma.unmapPage(device, at, PAGE, BIDIRECTIONAL);
        cpu.store(pa, 8, 2);

        ScatterList list = client.pages(3);
        dma.mapSgtable(device, list, FROM_DEVICE);
        dma.syncSgForCpu(device, list, FROM_DEVICE);
        assertThat(cpu.load(list.pa(2), 8)).isEqualTo(0);
        dma.syncSgForDevice(device, list, FROM_DEVICE);
        dma.unmapSg(device, list, FROM_DEVICE);
        dma.mapSgtable(device, list, TO_DEVICE); // a list may be mapped again
        dma.unmapSg(device, list, TO_DEVICE);

        dma.freeCoherent(device, dma.allocCoherent(device, 3 * PAGE));
        client.machine.devices().unbind(device);
      }
    });

    assertThat(log()).isEmpty();
  }

  @Test
  void soAreTheDriversOfTheBoard(
      @Board(
              value = "virt",
              set = {"dma.debug=1", "cpu.cache=tracked"})
          Machine machine)
      throws Exception {
    Client copier = machine.host("copier");
    byte[] bytes = new byte[3 * PAGE];
    new SplittableRandom(1).nextBytes(bytes);
    for (String node : ImmutableList.of("/dev/sgusb0", "/dev/sgusb1")) {
      int usb = copier.open(node);
      assertThat(copier.write(usb, bytes)).isEqualTo(bytes.length);
      assertThat(copier.read(usb, bytes.length)).isEqualTo(bytes);
    }
    for (String node : ImmutableList.of("/dev/mmcblk0", "/dev/mmcblk1")) {
      int card = copier.open(node);
      assertThat(copier.pwrite(card, bytes, 0)).isEqualTo(bytes.length);
      assertThat(copier.pread(card, bytes.length, 0)).isEqualTo(bytes);
    }
    copier.exit();
    machine.settle();
    KernelThread.run(
        machine, () -> machine.devices().devices().reversed().forEach(machine.devices()::unbind));

    assertThat(log(machine)).isEmpty();
  }

  private void run(KernelThread.Body body) throws Exception {
    KernelThread.run(client.machine, body);
  }

  private ImmutableList<String> log() {
    return log(client.machine);
  }

  private static ImmutableList<String> log(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(Dmesg.Line::text)
        .filter(line -> line.startsWith("DMA-API: "))
        .collect(ImmutableList.toImmutableList());
  }

  private static String who(String device) {
    return "DMA-API: dma-client " + device + ": ";
  }

  private static String notAllocated(String device, String address, int sizeBytes) {
    return who(device)
        + "device driver tries to free DMA memory it has not allocated [device address="
        + address
        + "] [size="
        + sizeBytes
        + " bytes]";
  }

  private static String hex(long address) {
    return String.format(Locale.ROOT, "0x%016x", address);
  }
}
