package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** What a driver does wrong with the DMA API, in the words of kernel/dma/debug.c. */
class DmaDebugTest {
  private static final long BASE = 0x8000_0000L;
  private static final String WHO = "DMA-API: platform 5000000.usb: ";

  private static final ImmutableMap<String, String> WORDS =
      ImmutableMap.of(
          "other", "DMA memory with different direction",
          "read", "device read-only DMA memory for cpu",
          "write", "device write-only DMA memory to device");

  /** Shows the device each list in one piece, at {@code 0x10000}. */
  private static final class Merging implements DmaOps {
    @Override
    public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs) {
      throw new AssertionError();
    }

    @Override
    public void freeCoherent(Device device, CoherentBuffer buffer) {}

    @Override
    public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
      return MAPPING_ERROR;
    }

    @Override
    public void unmapPage(
        Device device, long dmaAddress, long size, DmaDirection direction, int attrs) {}

    @Override
    public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
      long sizeBytes = 0;
      for (int i = 0; i < list.count(); i++) {
        sizeBytes += list.length(i);
      }
      list.addMapped(0x10000, sizeBytes);
    }

    @Override
    public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
      list.clearMapped();
    }

    @Override
    public void syncForCpu(Device device, long dmaAddress, long size, DmaDirection direction) {}

    @Override
    public void syncForDevice(Device device, long dmaAddress, long size, DmaDirection direction) {}
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final Device device = new Device("5000000.usb", "platform", null, dmesg);
  private Dram dram;
  private PageAllocator pages;
  private DmaDebug debug;
  private DmaApi dma;

  @BeforeEach
  void aWatchedDriver() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(BASE, 16 << 20)));
    CpuCache cache = new CpuCache(dram, false);
    pages = new PageAllocator(dram, ImmutableList.of(), cache, new FaultInjector());
    watch(DmaDebug.ALL_ERRORS);
    cache.observe(debug);
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @Test
  void aDriverThatBehavesHearsNothing() throws Exception {
    long at = map(BASE, 4096, BIDIRECTIONAL);
    dma.syncForCpu(device, at + 64, 64, BIDIRECTIONAL);
    dma.syncForDevice(device, at + 64, 64, BIDIRECTIONAL);
    dma.unmapPage(device, at, 4096, BIDIRECTIONAL);
    dma.freeCoherent(device, dma.allocCoherent(device, 4096));
    ScatterList list = list(2);
    dma.mapSgtable(device, list, FROM_DEVICE);
    dma.syncSgForCpu(device, list, FROM_DEVICE);
    dma.unmapSg(device, list, FROM_DEVICE);
    debug.driverUnbound(device);

    assertThat(log()).isEmpty();
    assertThat(debug.errorCount()).isEqualTo(0);
  }

  /** {@code __hash_bucket_find()} takes the one that fits best where several begin. */
  @Test
  void ofMappingsThatBeginAtOneAddressTheOneThatFitsIsMeant() {
    long small = map(BASE, 64, TO_DEVICE);
    long large = map(BASE, 4096, TO_DEVICE);
    long out = map(BASE + 4096, 64, TO_DEVICE);
    long both = map(BASE + 4096, 64, BIDIRECTIONAL);

    dma.unmapPage(device, large, 4096, TO_DEVICE);
    dma.unmapPage(device, small, 64, TO_DEVICE);
    dma.unmapPage(device, both, 64, BIDIRECTIONAL);
    dma.unmapPage(device, out, 64, TO_DEVICE);
    debug.driverUnbound(device);

    assertThat(log()).isEmpty();
  }

  @Test
  void aListAndAPageOfItAreToldApartByTheirFunctionAndCount() throws Exception {
    long page = map(BASE, 4096, TO_DEVICE);
    ScatterList alone = list(1);
    dma.mapSgtable(device, alone, TO_DEVICE);
    ScatterList pair = list(2);
    dma.mapSgtable(device, pair, TO_DEVICE);

    dma.unmapSg(device, pair, TO_DEVICE);
    dma.unmapSg(device, alone, TO_DEVICE);
    dma.unmapPage(device, page, 4096, TO_DEVICE);
    debug.driverUnbound(device);

    assertThat(log()).isEmpty();
  }

  @Test
  void amongSeveralMappingsNoneOfWhichFitsNoneIsMeant() {
    long at = map(BASE, 4096, TO_DEVICE);
    var _ = map(BASE, 64, TO_DEVICE);

    dma.unmapPage(device, at, 512, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000080000000] [size=512 bytes]");
  }

  @Test
  void whatIsStillMappedWhenTheDriverGoesHasLeaked() {
    var _ = map(BASE, 4096, TO_DEVICE);
    var _ = map(BASE + 8192, 100, FROM_DEVICE);

    debug.driverUnbound(device);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver has pending DMA allocations while released from device [count=2]\n"
                + "One of leaked entries details: [device address=0x0000000080002000]"
                + " [size=100 bytes] [mapped with DMA_FROM_DEVICE] [mapped as phy]");
  }

  @Test
  void whatIsUnmappedTwiceWasNotAllocatedTheSecondTime() {
    long at = map(BASE, 4096, TO_DEVICE);
    dma.unmapPage(device, at, 4096, TO_DEVICE);

    dma.unmapPage(device, at, 4096, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000080000000] [size=4096 bytes]");
  }

  @Test
  void aListThatIsUnmappedTwiceWasNotAllocatedTheSecondTimePieceByPiece() throws Exception {
    ScatterList list = list(2);
    dma.mapSgtable(device, list, FROM_DEVICE);
    dma.unmapSg(device, list, FROM_DEVICE);
    assertThat(log()).isEmpty();

    dma.unmapSg(device, list, FROM_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000080000000] [size=4096 bytes]",
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000080002000] [size=4096 bytes]")
        .inOrder();
    assertThat(debug.mappings(device)).isEqualTo(0);
  }

  @Test
  void aListThatWasNeverMappedHasNothingToUnmap() {
    dma.unmapSg(device, list(1), TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000000000000] [size=0 bytes]");
  }

  @Test
  void aListWhoseMapFailedHasNoAddressToUnmap() {
    ScatterList list = list(1);
    list.add(1L << 32, 4096); // out of the device's reach
    assertThat(dma.mapSg(device, list, TO_DEVICE)).isEqualTo(0);

    dma.unmapSg(device, list, TO_DEVICE);

    String words = WHO + "device driver tries to free an invalid DMA memory address";
    assertThat(log().subList(log().size() - 2, log().size())).containsExactly(words, words);
  }

  @Test
  void aListThatTheDeviceSeesInFewerPiecesIsUnmappedWhole() throws Exception {
    device.attach(DmaOps.class, new Merging());
    ScatterList list = list(3);
    dma.mapSgtable(device, list, TO_DEVICE);
    assertThat(debug.mappings(device)).isEqualTo(1);

    dma.unmapSg(device, list, TO_DEVICE);
    assertThat(log()).isEmpty();
    dma.unmapSg(device, list, TO_DEVICE);

    String nothing = WHO + "device driver tries to free an invalid DMA memory address";
    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to free DMA memory it has not allocated"
                + " [device address=0x0000000000010000] [size=12288 bytes]",
            nothing,
            nothing)
        .inOrder();
  }

  @Test
  void aListIsUnmappedInTheDirectionOfItsMap() throws Exception {
    ScatterList list = list(1);
    dma.mapSgtable(device, list, TO_DEVICE);

    dma.unmapSg(device, list, FROM_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver frees DMA memory with different direction"
                + " [device address=0x0000000080000000] [size=4096 bytes]"
                + " [mapped with DMA_TO_DEVICE] [unmapped with DMA_FROM_DEVICE]");
  }

  @Test
  void aListThatIsNotMappedAnyMoreCannotBeSynced() throws Exception {
    ScatterList list = list(1);
    dma.mapSgtable(device, list, FROM_DEVICE);
    dma.unmapSg(device, list, FROM_DEVICE);

    dma.syncSgForCpu(device, list, FROM_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to sync DMA memory it has not allocated"
                + " [device address=0x0000000080000000] [size=4096 bytes]");
  }

  @Test
  void coherentMemoryIsFreedOnceAndByItsFunction() throws Exception {
    CoherentBuffer buffer = dma.allocCoherent(device, 4096);

    dma.unmapPage(device, buffer.dmaAddress(), 4096, BIDIRECTIONAL);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver frees DMA memory with wrong function"
                + " [device address=0x0000000080000000] [size=4096 bytes]"
                + " [mapped as coherent] [unmapped as phy]");
  }

  @Test
  void anErrorIsNotAnAddress() {
    dma.unmapPage(device, MAPPING_ERROR, 4096, TO_DEVICE);

    assertThat(log())
        .containsExactly(WHO + "device driver tries to free an invalid DMA memory address");
  }

  @Test
  void sizeAndDirectionOfTheUnmapAreThoseOfTheMap() {
    long at = map(BASE, 4096, TO_DEVICE);

    dma.unmapPage(device, at, 2048, FROM_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver frees DMA memory with different size"
                + " [device address=0x0000000080000000] [map size=4096 bytes]"
                + " [unmap size=2048 bytes]",
            WHO
                + "device driver frees DMA memory with different direction"
                + " [device address=0x0000000080000000] [size=2048 bytes]"
                + " [mapped with DMA_TO_DEVICE] [unmapped with DMA_FROM_DEVICE]")
        .inOrder();
    assertThat(debug.mappings(device)).isEqualTo(0);
  }

  @Test
  void whatWasMappedAloneIsNotUnmappedAsAList() {
    long at = map(BASE, 4096, TO_DEVICE);
    ScatterList list = new ScatterList();
    list.add(BASE, 4096);
    list.addMapped(at, 4096);

    dma.unmapSg(device, list, TO_DEVICE);

    assertThat(log().getFirst())
        .isEqualTo(
            WHO
                + "device driver frees DMA memory with wrong function"
                + " [device address=0x0000000080000000] [size=4096 bytes]"
                + " [mapped as phy] [unmapped as scatter-gather]");
  }

  @Test
  void aListIsUnmappedWithAllItsPieces() throws Exception {
    dma.mapSgtable(device, list(2), TO_DEVICE);
    ScatterList half = new ScatterList();
    half.add(BASE, 4096);
    half.addMapped(BASE, 4096);

    dma.unmapSg(device, half, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver frees DMA sg list with different entry count"
                + " [map count=2] [unmap count=1]");
    assertThat(debug.mappings(device)).isEqualTo(1);
  }

  @Test
  void whoDoesNotAskWhetherTheMapFailedIsTold() {
    long at = dma.mapPage(device, BASE, 4096, TO_DEVICE);

    dma.unmapPage(device, at, 4096, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver failed to check map error[device address=0x0000000080000000]"
                + " [size=4096 bytes] [mapped as phy]");
  }

  @Test
  void aSyncThatReachesOverTheEndIsOfMemoryThatIsNotMapped() {
    long at = map(BASE, 4096, FROM_DEVICE);

    dma.syncForCpu(device, at + 64, 4096, FROM_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver tries to sync DMA memory it has not allocated"
                + " [device address=0x0000000080000040] [size=4096 bytes]");
  }

  /** Each row of {@code check_sync()}: mapped for, synced for, then what a sync either way says. */
  @ParameterizedTest
  @CsvSource({
    "TO_DEVICE,     TO_DEVICE,     '',            ''",
    "TO_DEVICE,     FROM_DEVICE,   other+read,    other",
    "TO_DEVICE,     BIDIRECTIONAL, other+read,    other",
    "FROM_DEVICE,   TO_DEVICE,     other,         other+write",
    "FROM_DEVICE,   FROM_DEVICE,   '',            ''",
    "FROM_DEVICE,   BIDIRECTIONAL, other,         other+write",
    "BIDIRECTIONAL, TO_DEVICE,     '',            ''",
    "BIDIRECTIONAL, FROM_DEVICE,   '',            ''",
    "BIDIRECTIONAL, BIDIRECTIONAL, '',            ''",
  })
  void aSyncIsForWhomTheMapWas(
      DmaDirection mapped, DmaDirection synced, String forCpu, String forDevice) {
    long at = map(BASE, 4096, mapped);

    dma.syncForCpu(device, at + 64, 64, synced);
    dma.syncForDevice(device, at + 64, 64, synced);

    String rest =
        " [device address=0x0000000080000040] [size=4096 bytes] [mapped with DMA_"
            + mapped
            + "] [synced with DMA_"
            + synced
            + "]";
    assertThat(log())
        .containsExactlyElementsIn(
            Splitter.on('+')
                .omitEmptyStrings()
                .splitToStream(forCpu + "+" + forDevice)
                .map(what -> WHO + "device driver syncs " + WORDS.get(what) + rest)
                .toList())
        .inOrder();
  }

  @Test
  void aListIsSyncedWithAllItsPieces() throws Exception {
    dma.mapSgtable(device, list(2), TO_DEVICE);
    ScatterList half = new ScatterList();
    half.add(BASE, 4096);
    half.addMapped(BASE, 4096);

    dma.syncSgForDevice(device, half, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver syncs DMA sg list with different entry count"
                + " [map count=2] [sync count=1]");
  }

  @Test
  void coherentMemoryIsFreedAtTheAddressThatTheCpuHadForIt() throws Exception {
    CoherentBuffer buffer = dma.allocCoherent(device, 4096);
    device.attach(DmaOps.class, new Merging()); // it takes back anything

    dma.freeCoherent(device, new CoherentBuffer(BASE + 4096, buffer.dmaAddress(), 4096));

    assertThat(log())
        .containsExactly(
            WHO
                + "device driver frees DMA memory with different CPU address"
                + " [device address=0x0000000080000000] [size=4096 bytes]"
                + " [cpu alloc address=0x0000000080000000] [cpu free address=0x0000000080001000]");
  }

  @Test
  void aPieceThatIsTooLongForTheDeviceIsTheDriversMistake() throws Exception {
    ScatterList longest = new ScatterList();
    longest.add(BASE, 64 << 10);
    dma.mapSgtable(device, longest, TO_DEVICE);
    assertThat(log()).isEmpty();
    ScatterList list = new ScatterList();
    list.add(BASE + (64 << 10), 128 << 10);

    dma.mapSgtable(device, list, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "mapping sg segment longer than device claims to support"
                + " [len=131072] [max=65536]");
  }

  @Test
  void aPieceMayCross4GibUntilTheDriverSaysThatTheDeviceCannot() throws Exception {
    device.dma().setCoherent(true);
    device.dma().setMask(-1L);
    ScatterList list = new ScatterList();
    list.add(0xffff_f000L, 8192);
    dma.mapSgtable(device, list, TO_DEVICE);
    dma.unmapSg(device, list, TO_DEVICE);
    assertThat(log()).isEmpty();

    device.dma().setSegmentBoundary(0xffff_ffffL);
    dma.mapSgtable(device, list, TO_DEVICE);

    assertThat(log())
        .containsExactly(
            WHO
                + "mapping sg segment across boundary [start=0x00000000fffff000]"
                + " [end=0x0000000100000fff] [boundary=0x00000000ffffffff]");
  }

  @Test
  void theSameLineMappedTwiceForWritingIsNotSupported() {
    var _ = map(BASE, 4096, FROM_DEVICE);
    var _ = map(BASE, 64, BIDIRECTIONAL);

    assertThat(log())
        .containsExactly(WHO + "cacheline tracking EEXIST, overlapping mappings aren't supported");
  }

  @Test
  void aLineIsMappedForWritingAsOftenAsItWasMappedAndNotUnmapped() {
    for (int i = 0; i < 2; i++) {
      var _ = map(BASE, 64, FROM_DEVICE);
    }
    assertThat(log()).hasSize(1);

    dma.unmapPage(device, BASE, 64, FROM_DEVICE);
    var _ = map(BASE, 64, FROM_DEVICE);
    assertThat(log()).hasSize(2);

    dma.unmapPage(device, BASE, 64, FROM_DEVICE);
    dma.unmapPage(device, BASE, 64, FROM_DEVICE);
    var _ = map(BASE, 64, FROM_DEVICE);
    assertThat(log()).hasSize(2);
  }

  @Test
  void theFirstMistakeIsPrintedAndTheOthersAreCounted() {
    watch(DmaDebug.DEFAULT_ERRORS);

    dma.unmapPage(device, BASE, 4096, TO_DEVICE);
    dma.unmapPage(device, BASE, 4096, TO_DEVICE);

    assertThat(log()).hasSize(1);
    assertThat(debug.errorCount()).isEqualTo(2);
  }

  @Test
  void aCpuThatTouchesWhatTheDeviceOwnsIsReportedOnce() {
    long at = map(BASE, 4096, FROM_DEVICE);

    assertThat(pages.cpu().load(BASE + 0x80, 8)).isEqualTo(0);
    pages.cpu().store(BASE + 0x80, 8, 1);

    String words =
        "DMA-API: the CPU reads from memory that is mapped for 5000000.usb and not synced for the"
            + " CPU [cpu address=0x0000000080000080]";
    assertThat(log()).containsExactly(words);
    dma.syncForCpu(device, at, 4096, FROM_DEVICE);
    pages.cpu().store(BASE + 0x80, 8, 1);
    assertThat(log()).containsExactly(words);
  }

  @Test
  void toReadWhatTheDeviceOnlyReadsIsFine() {
    var _ = map(BASE, 4096, TO_DEVICE);

    assertThat(pages.cpu().load(BASE, 8)).isEqualTo(0);
    assertThat(log()).isEmpty();
    pages.cpu().store(BASE, 8, 1);
    assertThat(log())
        .containsExactly(
            "DMA-API: the CPU writes to memory that is mapped for 5000000.usb and not synced for"
                + " the CPU [cpu address=0x0000000080000000]");
    assertThat(debug.errorCount()).isEqualTo(1);
  }

  @Test
  void aCoherentDeviceNeedsNoSync() {
    device.dma().setCoherent(true);
    var _ = map(BASE, 4096, FROM_DEVICE);

    pages.cpu().store(BASE, 8, 1);

    assertThat(log()).isEmpty();
  }

  private void watch(int errors) {
    debug = new DmaDebug(dmesg, errors);
    dma = new DmaApi(new DmaDirect(pages), debug, new Tracer(scheduler, 10));
  }

  private long map(long pa, long sizeBytes, DmaDirection direction) {
    long at = dma.mapPage(device, pa, sizeBytes, direction);
    assertThat(dma.mappingError(device, at)).isFalse();
    return at;
  }

  private static ScatterList list(int pieces) {
    ScatterList list = new ScatterList();
    for (int i = 0; i < pieces; i++) {
      list.add(BASE + 8192L * i, 4096);
    }
    return list;
  }

  private ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }
}
