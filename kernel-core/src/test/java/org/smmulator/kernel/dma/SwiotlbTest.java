package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** Memory above 4 GiB for a device with 32 bits, by way of a pool below. */
class SwiotlbTest {
  private static final long LOW = 0x8000_0000L;
  private static final long HIGH = 0x1_0000_0000L;
  private static final long MIB = 1L << 20;
  private static final long SEGMENT = 256 << 10;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final Device device = new Device("5000000.usb", "platform", null, dmesg);
  private Dram dram;
  private PageAllocator pages;
  private Swiotlb pool;
  private DmaApi dma;

  @BeforeEach
  void aPoolOfTwoSegments() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(LOW, 16 * MIB), new DramBank(HIGH, 16 * MIB)));
    pages = new PageAllocator(dram);
    pool = new Swiotlb(pages, 2 * SEGMENT, 0xffff_ffffL);
    dma =
        new DmaApi(
            new DmaDirect(pages, pool, DmaDirect.Bounce.IF_NEEDED), new Tracer(scheduler, 10));
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @Test
  void whatIsOutOfReachIsCopiedToWhereTheDeviceReaches() {
    dram.putLong(HIGH + 0x10, 42);

    long at = dma.mapPage(device, HIGH + 0x10, 64, TO_DEVICE);

    assertThat(pool.contains(at)).isTrue();
    assertThat(dram.getLong(at)).isEqualTo(42);
    assertThat(pool.usedSlots()).isEqualTo(1);
    dma.unmapPage(device, at, 64, TO_DEVICE);
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void whatIsInReachIsNotCopied() {
    assertThat(dma.mapPage(device, LOW + 0x10, 64, TO_DEVICE)).isEqualTo(LOW + 0x10);
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void whatTheDeviceWroteArrivesWithTheUnmapAndTheRestStaysAsItWas() {
    dram.putLong(HIGH, 1);
    dram.putLong(HIGH + 8, 2);
    long at = dma.mapPage(device, HIGH, 4096, FROM_DEVICE);

    dram.putLong(at, 77);
    assertThat(dram.getLong(HIGH)).isEqualTo(1);
    dma.unmapPage(device, at, 4096, FROM_DEVICE);

    assertThat(dram.getLong(HIGH)).isEqualTo(77);
    assertThat(dram.getLong(HIGH + 8)).isEqualTo(2);
  }

  @Test
  void anUnmapThatSkipsTheSyncLeavesTheDataInThePool() {
    long at = dma.mapPage(device, HIGH, 64, FROM_DEVICE);
    dram.putLong(at, 77);

    dma.unmapPage(device, at, 64, FROM_DEVICE, DmaAttr.SKIP_CPU_SYNC);

    assertThat(dram.getLong(HIGH)).isEqualTo(0);
  }

  @Test
  void aSyncMovesAPartInItsDirection() {
    long at = dma.mapPage(device, HIGH, 8192, BIDIRECTIONAL);

    dram.putLong(at + 5000, 5);
    dma.syncForCpu(device, at + 5000, 8, BIDIRECTIONAL);
    assertThat(dram.getLong(HIGH + 5000)).isEqualTo(5);

    dram.putLong(HIGH + 5000, 6);
    dma.syncForDevice(device, at + 5000, 8, BIDIRECTIONAL);
    assertThat(dram.getLong(at + 5000)).isEqualTo(6);
  }

  @Test
  void aFullPoolIsAnErrorInTheKernelsWords() {
    long first = dma.mapPage(device, HIGH, SEGMENT, TO_DEVICE);
    assertThat(dma.mapPage(device, HIGH + MIB, SEGMENT, TO_DEVICE)).isNotEqualTo(MAPPING_ERROR);

    assertThat(dma.mapPage(device, HIGH + 2 * MIB, 4096, TO_DEVICE)).isEqualTo(MAPPING_ERROR);
    assertThat(dma.mapPage(device, HIGH + 2 * MIB, 4096, TO_DEVICE, DmaAttr.NO_WARN))
        .isEqualTo(MAPPING_ERROR);

    assertThat(log())
        .containsExactly(
            "platform 5000000.usb: swiotlb buffer is full (sz: 4096 bytes), total 256 (slots),"
                + " used 256 (slots)");
    dma.unmapPage(device, first, SEGMENT, TO_DEVICE);
    assertThat(dma.mapPage(device, HIGH + 2 * MIB, 4096, TO_DEVICE)).isEqualTo(first);
  }

  @Test
  void aRunIsNeverLongerThanASegment() {
    assertThat(dma.mapPage(device, HIGH, SEGMENT + 1, TO_DEVICE)).isEqualTo(MAPPING_ERROR);
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void aSyncStopsAtTheEndOfTheMappingAndTheFirstTimeSaysSo() {
    long at = dma.mapPage(device, HIGH, 64, BIDIRECTIONAL);
    dram.putLong(HIGH + 64, 5);
    dram.putLong(at + 64, 9);

    dma.syncForDevice(device, at + 32, 64, BIDIRECTIONAL);
    assertThat(dram.getLong(at + 64)).isEqualTo(9);
    dma.syncForCpu(device, at, 128, BIDIRECTIONAL);
    assertThat(dram.getLong(HIGH + 64)).isEqualTo(5);

    assertThat(log())
        .containsExactly(
            "platform 5000000.usb: Buffer overflow detected. Allocation size: 32."
                + " Mapping size: 64.");
  }

  @Test
  void aPoolThatIsOutOfReachTooIsAnErrorAndKeepsNoSlot() {
    device.dma().setMask(0x0fff_ffff);

    assertThat(dma.mapPage(device, HIGH, 64, FROM_DEVICE)).isEqualTo(MAPPING_ERROR);

    assertThat(log())
        .containsExactly(
            "platform 5000000.usb: swiotlb addr 0x0000000080000000+64 overflow"
                + " (mask fffffff, bus limit 0).");
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void theLowBitsThatADeviceCountsOnStay() {
    device.dma().setMinAlignMask(0xfff);

    long at = dma.mapPage(device, HIGH + 0x9a3, 64, TO_DEVICE);

    assertThat(at & 0xfff).isEqualTo(0x9a3);
  }

  @Test
  void roomOnBordersShowsNothingButTheDataToWhoIsNotTrusted() {
    device.dma().setUntrusted(true);
    long end = roomWithSomethingLeftBehindTheData();

    assertThat(dram.getLong(end)).isEqualTo(0);
    assertThat(dram.getLong(end + 8)).isEqualTo(0);
    assertThat(pool.usedSlots()).isEqualTo(128 + 2);
  }

  @Test
  void nothingIsClearedForWhoIsTrusted() {
    long end = roomWithSomethingLeftBehindTheData();

    assertThat(dram.getLong(end)).isEqualTo(0); // what follows the data is not copied in any case
    assertThat(dram.getLong(end + 8)).isEqualTo(-1);
  }

  /** Returns where the data ends, in room that had something there. */
  private long roomWithSomethingLeftBehindTheData() {
    long stale = dma.mapPage(device, HIGH, SEGMENT, TO_DEVICE);
    dram.putLong(stale + 72, -1);
    dma.unmapPage(device, stale, SEGMENT, TO_DEVICE);
    dram.putLong(HIGH + MIB + 64, -1);
    var _ = dma.mapPage(device, HIGH, SEGMENT, TO_DEVICE);

    long at = pool.map(device, HIGH + MIB, 64, 0xfff, DmaAttr.NONE);

    assertThat(at & 0xfff).isEqualTo(0);
    return at + 64;
  }

  @Test
  void roomThatBeginsBeforeTheDataIsGivenBackWhole() {
    device.dma().setMinAlignMask(0xfff);

    long at = pool.map(device, HIGH + 0x900, 64, 0xfff, DmaAttr.NONE);
    assertThat(at & 0xfff).isEqualTo(0x900);
    pool.unmap(device, at, 64, TO_DEVICE, DmaAttr.NONE);

    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void aPoolMayBeForcedOnEveryone() {
    dma =
        new DmaApi(new DmaDirect(pages, pool, DmaDirect.Bounce.ALWAYS), new Tracer(scheduler, 10));

    long at = dma.mapPage(device, LOW, 64, TO_DEVICE);

    assertThat(pool.contains(at)).isTrue();
    assertThat(dma.mapPage(device, LOW, 64, TO_DEVICE, DmaAttr.MMIO)).isEqualTo(MAPPING_ERROR);
  }

  @Test
  void aBusWithAnOffsetShowsThePoolThereToo() {
    device.dma().setRanges(ImmutableList.of(new DmaRange(LOW, 0, 16 * MIB)));
    assertThat(dma.mapPage(device, LOW + 0x1000, 64, TO_DEVICE)).isEqualTo(0x1000);

    long at = dma.mapPage(device, HIGH, 64, FROM_DEVICE);
    dram.putLong(LOW + at, 9);
    dma.unmapPage(device, at, 64, FROM_DEVICE);

    assertThat(at).isLessThan(16 * MIB);
    assertThat(dram.getLong(HIGH)).isEqualTo(9);
  }

  @Test
  void aListGoesThroughThePoolPieceByPiece() throws Exception {
    ScatterList list = new ScatterList();
    list.add(LOW, 4096);
    list.add(HIGH, 4096);
    dma.mapSgtable(device, list, BIDIRECTIONAL);
    assertThat(list.dmaAddress(0)).isEqualTo(LOW);

    dram.putLong(list.dmaAddress(1), 3);
    dma.syncSgForCpu(device, list, BIDIRECTIONAL);
    assertThat(dram.getLong(HIGH)).isEqualTo(3);
    dram.putLong(HIGH, 4);
    dma.syncSgForDevice(device, list, BIDIRECTIONAL);
    assertThat(dram.getLong(list.dmaAddress(1))).isEqualTo(4);

    dma.unmapSg(device, list, BIDIRECTIONAL);
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  @Test
  void withoutAPoolTheMappingFailsAndOnceSaysWhy() {
    dma = new DmaApi(new DmaDirect(pages), new Tracer(scheduler, 10));

    assertThat(dma.mapPage(device, HIGH, 4096, TO_DEVICE)).isEqualTo(MAPPING_ERROR);
    assertThat(dma.mapPage(device, HIGH, 4096, TO_DEVICE)).isEqualTo(MAPPING_ERROR);

    assertThat(log())
        .containsExactly(
            "platform 5000000.usb: DMA addr 0x0000000100000000+4096 overflow"
                + " (mask ffffffff, bus limit 0).");
  }

  @Test
  void aPoolThatCannotBeLowEnoughIsNotMade() throws Exception {
    pool.close();

    ErrnoException e =
        assertThrows(ErrnoException.class, () -> new Swiotlb(pages, SEGMENT, LOW + SEGMENT - 2));

    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(pages.usage()).isEmpty();
    Swiotlb lowest = new Swiotlb(pages, SEGMENT, LOW + SEGMENT - 1);
    assertThat(lowest.contains(LOW)).isTrue();
    assertThat(lowest.contains(LOW + SEGMENT - 1)).isTrue();
    assertThat(lowest.contains(LOW - 1)).isFalse();
    assertThat(lowest.contains(LOW + SEGMENT)).isFalse();
  }

  private ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }
}
