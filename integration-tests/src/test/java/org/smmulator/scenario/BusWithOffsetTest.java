package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.SdController;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/** A card host without an IOMMU on a bus that shows memory elsewhere: {@code dma-ranges}. */
@SuppressWarnings("NullAway.Init") // each test boots first
class BusWithOffsetTest {
  private static final long LOW = 0x4000_0000L;
  private static final long HIGH = 0x1_0000_0000L;
  private static final int BYTES = 3 * 512;

  /** Memory from 1 GiB on is shown from 0 on. */
  private static final String LOW_WINDOW = "<0x0 0x0 0x40000000 0x40000000>";

  /** Memory from 4 GiB on is shown from 2 GiB on. */
  private static final String HIGH_WINDOW = "<0x80000000 0x1 0x0 0x40000000>";

  @TempDir Path folder;

  private Machine machine;
  private PlatformDevice host;
  private SdController card;
  private PageOwner owner;

  private void boot(String dmaRanges) throws Exception {
    Path board =
        CardOnABus.write(folder, "&mmc1 { status = \"disabled\"; };", dmaRanges, "dma-coherent;");
    KernelConfig config = KernelConfig.defaults().with("dma.debug", "1");
    machine = Machine.on(new Boards().load(board.toString())).config(config).boot();
    host = requireNonNull(machine.devices().find(CardOnABus.NAME));
    card = requireNonNull(host.find(SdController.class));
    owner = machine.pages().owner("test", PageZone.KERNEL);
  }

  @AfterEach
  void shutDown() {
    if (machine != null) {
      machine.close();
    }
  }

  @Test
  void theDriverGivesTheHostTheAddressesOfItsBus() throws Exception {
    boot(LOW_WINDOW);
    long pa = machine.pages().alloc(0, owner);

    roundTrip(pa);

    assertThat(dmaAddressOf(pa)).isEqualTo(pa - LOW);
    assertThat(machine.dmesg().lines().toString()).doesNotContain("DMA-API");
    assertThat(slots("used_hiwater")).isEqualTo("0\n");
  }

  @Test
  void aProcessReadsAndWritesTheCard() throws Exception {
    boot(LOW_WINDOW);
    Client client = machine.host("dd");
    int fd = client.open("/dev/mmcblk1"); // the other is behind an SMMU
    byte[] bytes = CardOnABus.randomBytes(5 * 4096);

    assertThat(client.pwrite(fd, bytes, 512)).isEqualTo(bytes.length);

    assertThat(client.pread(fd, bytes.length, 512)).isEqualTo(bytes);
  }

  @Test
  void whatIsInNoWindowComesThroughThePoolWhichIsInOne() throws Exception {
    boot(LOW_WINDOW);
    long pa = above4Gib();

    roundTrip(pa);

    assertThat(dmaAddressOf(pa)).isLessThan(0x4000_0000L);
    assertThat(slots("used_hiwater")).isEqualTo("1\n");
    assertThat(slots("used")).isEqualTo("0\n");
  }

  @Test
  void aWindowOntoMemoryAbove4GibSparesThePool() throws Exception {
    boot(LOW_WINDOW + ", " + HIGH_WINDOW);
    long pa = above4Gib();

    roundTrip(pa);

    assertThat(dmaAddressOf(pa)).isEqualTo(pa - HIGH + 0x8000_0000L);
    assertThat(slots("used_hiwater")).isEqualTo("0\n");
  }

  @Test
  void physicalAddressesAreNotWhatThatBusKnows() throws Exception {
    boot(LOW_WINDOW);
    long pa = machine.pages().alloc(0, owner);
    host.dma().setRanges(ImmutableList.of(new DmaRange(LOW, LOW, LOW))); // a driver that is wrong

    ErrnoException e = assertThrows(ErrnoException.class, () -> roundTrip(pa));

    assertThat(e.errno()).isEqualTo(Errno.EIO);
  }

  /** Writes random bytes at {@code pa} to the card, and reads them back. */
  private void roundTrip(long pa) throws Exception {
    byte[] bytes = CardOnABus.randomBytes(BYTES);
    byte[] arrived = CardOnABus.roundTrip(machine, card, pa, bytes);
    assertThat(arrived).isEqualTo(bytes);
  }

  /** Returns the address at which the card host reaches memory at {@code pa}. */
  private long dmaAddressOf(long pa) {
    long at = machine.dma().mapPage(host, pa, BYTES, TO_DEVICE);
    assertThat(machine.dma().mappingError(host, at)).isFalse();
    machine.dma().unmapPage(host, at, BYTES, TO_DEVICE);
    return at;
  }

  /** The page allocator gives the lowest memory first, so this takes what lies below. */
  private long above4Gib() throws Exception {
    long pa;
    do {
      pa = machine.pages().alloc(14, owner);
    } while (pa < HIGH);
    return pa;
  }

  private String slots(String what) throws ErrnoException {
    Client root = machine.hostRoot("root");
    int fd = root.openForReading("/sys/kernel/debug/swiotlb/io_tlb_" + what);
    return new String(root.read(fd, 100), UTF_8);
  }
}
