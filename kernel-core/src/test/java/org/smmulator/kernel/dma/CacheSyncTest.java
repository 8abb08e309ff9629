package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.cache.SnoopingTranslator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** A device that does not snoop, and a CPU that writes back. */
class CacheSyncTest {
  private static final long BASE = 0x8000_0000L;
  private static final long BUFFER = BASE + 0x80_0000L;

  /** One page that a process maps, cached or not. */
  private record OnePage(long pa, boolean isCached) implements VmaBacking {
    @Override
    public long fault(long offset) {
      return pa;
    }

    @Override
    public void opened(AddressSpace mm) {}

    @Override
    public void closed(AddressSpace mm) {}

    @Override
    public boolean isSharedWithDevices() {
      return true;
    }

    @Override
    public VmaBacking forked() {
      return this;
    }
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Device driver = new Device("5000000.copy", "platform", null, new Dmesg(scheduler));
  private Dram dram;
  private CpuCache cache;
  private PageAllocator pages;
  private CpuMemory cpu;
  private BusMaster device;
  private DmaApi dma;

  @BeforeEach
  void aWriteBackCache() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(BASE, 16 << 20)));
    cache = new CpuCache(dram, true);
    pages = new PageAllocator(dram, ImmutableList.of(), cache, new FaultInjector());
    cpu = pages.cpu();
    device = new BusMaster(dram, Translator.none(), 0);
    dma = new DmaApi(new DmaDirect(pages), new Tracer(scheduler, 10));
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @Test
  void whoSkipsTheSyncHasTheDeviceReadOldBytes() {
    cpu.store(BUFFER, 8, 1);
    long at = dma.mapPage(driver, BUFFER, 4096, TO_DEVICE);
    assertThat(device.load64(at)).isEqualTo(1);

    cpu.store(BUFFER, 8, 2);
    assertThat(device.load64(at)).isEqualTo(1);

    dma.syncForDevice(driver, at, 4096, TO_DEVICE);
    assertThat(device.load64(at)).isEqualTo(2);
  }

  @Test
  void aMapThatSkipsTheSyncCleansNothing() {
    cpu.store(BUFFER, 8, 1);

    long at = dma.mapPage(driver, BUFFER, 4096, TO_DEVICE, DmaAttr.SKIP_CPU_SYNC);

    assertThat(device.load64(at)).isEqualTo(0);
  }

  @Test
  void theCpuReadsWhatItHadUntilTheSync() {
    cpu.store(BUFFER, 8, 1);
    long at = dma.mapPage(driver, BUFFER, 4096, FROM_DEVICE);
    device.store64(at, 7);
    assertThat(cpu.load(BUFFER, 8)).isEqualTo(1);

    dma.syncForCpu(driver, at, 4096, FROM_DEVICE);

    assertThat(cpu.load(BUFFER, 8)).isEqualTo(7);
  }

  @Test
  void anUnmapIsASyncToo() {
    cpu.store(BUFFER, 8, 1);
    long at = dma.mapPage(driver, BUFFER, 4096, BIDIRECTIONAL);
    assertThat(cache.isDevices(BUFFER)).isTrue();
    device.store64(at, 7);

    dma.unmapPage(driver, at, 4096, BIDIRECTIONAL);

    assertThat(cpu.load(BUFFER, 8)).isEqualTo(7);
    assertThat(cache.isDevices(BUFFER)).isFalse();
  }

  @Test
  void aLineThatIsSharedWithOtherDataLosesWhatTheDeviceWroteNotTheData() {
    long at = dma.mapPage(driver, BUFFER + 32, 32, FROM_DEVICE);
    cpu.store(BUFFER, 8, 5);
    device.store64(at, 7);

    dma.unmapPage(driver, at, 32, FROM_DEVICE);

    assertThat(cpu.load(BUFFER, 8)).isEqualTo(5);
    assertThat(cpu.load(BUFFER + 32, 8)).isEqualTo(0);
  }

  @Test
  void aSyncOfOnePartLeavesTheOthersAlone() {
    long at = dma.mapPage(driver, BUFFER, 8192, TO_DEVICE);
    cpu.store(BUFFER, 4, 1);
    cpu.store(BUFFER + 4096, 4, 2);

    dma.syncForDevice(driver, at + 4096, 64, TO_DEVICE);

    assertThat(device.load32(at)).isEqualTo(0);
    assertThat(device.load32(at + 4096)).isEqualTo(2);
  }

  @Test
  void aDeviceThatSnoopsAndTheCpuSeeTheSameAtAnyTime() {
    BusMaster coherent =
        new BusMaster(dram, new SnoopingTranslator(Translator.none(), cache::snoop), 0);
    driver.dma().setCoherent(true);
    cpu.store(BUFFER, 8, 1);
    long at = dma.mapPage(driver, BUFFER, 4096, BIDIRECTIONAL);
    assertThat(coherent.load64(at)).isEqualTo(1);

    cpu.store(BUFFER, 8, 2);
    assertThat(coherent.load64(at)).isEqualTo(2);
    coherent.store64(at, 3);
    assertThat(cpu.load(BUFFER, 8)).isEqualTo(3);
    assertThat(cache.isDevices(BUFFER)).isFalse();
  }

  @Test
  void aSnoopLosesNothingOfWhatTheCpuWroteBesideIt() {
    BusMaster coherent =
        new BusMaster(dram, new SnoopingTranslator(Translator.none(), cache::snoop), 0);
    cpu.store(BUFFER, 8, 1); // one line with what the device stores
    cpu.store(BUFFER + 1024, 8, 2);

    coherent.store64(BUFFER + 8, 7);
    cpu.store(BUFFER + 16, 8, 3);

    assertThat(cpu.load(BUFFER, 8)).isEqualTo(1);
    assertThat(cpu.load(BUFFER + 8, 8)).isEqualTo(7);
    assertThat(cpu.load(BUFFER + 1024, 8)).isEqualTo(2);
    assertThat(coherent.load64(BUFFER + 16)).isEqualTo(3);
  }

  @Test
  void aProcessWritesThroughItsCacheOrAroundIt() throws Exception {
    AddressSpace mm =
        new AddressSpace(pages, dram, scheduler, new Holder.OfProcess(101, "painter[101]"));
    long cached = map(mm, new OnePage(BUFFER, true));
    long combined = map(mm, new OnePage(BUFFER + 4096, false));

    mm.store(cached, 8, 1);
    mm.store(combined, 8, 2);
    byte[] bytes = {3};
    mm.copyTo(cached + 64, MemorySegment.ofArray(bytes), 0, 1);

    assertThat(device.load64(BUFFER)).isEqualTo(0);
    assertThat(device.load64(BUFFER + 64)).isEqualTo(0);
    assertThat(device.load64(BUFFER + 4096)).isEqualTo(2);
    assertThat(mm.load(cached, 8)).isEqualTo(1);
    var _ = dma.mapPage(driver, BUFFER, 4096, TO_DEVICE);
    assertThat(device.load64(BUFFER)).isEqualTo(1);
    assertThat(device.load64(BUFFER + 64)).isEqualTo(3);
    mm.destroy();
  }

  @Test
  void aForkedChildSeesWhatIsOnlyInTheCache() throws Exception {
    AddressSpace mm =
        new AddressSpace(pages, dram, scheduler, new Holder.OfProcess(101, "painter[101]"));
    long va = mm.mmapAnonymous(4096, Prot.READ | Prot.WRITE);
    mm.store(va, 8, 0xcafe);

    AddressSpace child = mm.forked(new Holder.OfProcess(102, "painter[102]"));

    assertThat(child.load(va, 8)).isEqualTo(0xcafe);
    child.destroy();
    mm.destroy();
  }

  @Test
  void aPageThatIsGivenAwayTakesNothingOfTheOldOwnerAlong() throws Exception {
    CoherentBuffer first = dma.allocCoherent(driver, 4096);
    cpu.store(first.pa(), 8, 42);
    dma.freeCoherent(driver, first);

    CoherentBuffer again = dma.allocCoherent(driver, 4096);

    assertThat(again.pa()).isEqualTo(first.pa());
    assertThat(cpu.load(again.pa(), 8)).isEqualTo(0);
  }

  @Test
  void aPoolIsCleanedAfterTheDataWasCopiedThere() throws Exception {
    Swiotlb pool = new Swiotlb(pages, 256 << 10, 0xffff_ffffL);
    dma =
        new DmaApi(new DmaDirect(pages, pool, DmaDirect.Bounce.ALWAYS), new Tracer(scheduler, 10));
    cpu.store(BUFFER, 8, 1);

    long at = dma.mapPage(driver, BUFFER, 64, BIDIRECTIONAL);
    assertThat(device.load64(at)).isEqualTo(1);
    device.store64(at, 2);
    dma.unmapPage(driver, at, 64, BIDIRECTIONAL);

    assertThat(cpu.load(BUFFER, 8)).isEqualTo(2);
  }

  private static long map(AddressSpace mm, VmaBacking backing) throws ErrnoException {
    return mm.mmap(4096, Prot.READ | Prot.WRITE, backing, 0, "buffer");
  }
}
