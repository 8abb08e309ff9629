package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** 32 bytes for a device that does not snoop, in a line of 64 whose rest is somebody else's. */
class SmallBuffersTest {
  private static final long BASE = 0x8000_0000L;
  private static final long NEIGHBOUR = BASE + 0x80_0000L;
  private static final long BUFFER = NEIGHBOUR + 32;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Device driver = new Device("5000000.copy", "platform", null, new Dmesg(scheduler));
  private Dram dram;
  private CpuCache cache;
  private CpuMemory cpu;
  private BusMaster device;
  private Swiotlb pool;
  private DmaApi bouncing;
  private DmaApi direct;

  @BeforeEach
  void aPoolAndNone() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(BASE, 16 << 20)));
    cache = new CpuCache(dram, true);
    PageAllocator pages = new PageAllocator(dram, ImmutableList.of(), cache, new FaultInjector());
    cpu = pages.cpu();
    device = new BusMaster(dram, Translator.none(), 0);
    pool = new Swiotlb(pages, 256 << 10, 0xffff_ffffL);
    Tracer tracer = new Tracer(scheduler, 10);
    bouncing = new DmaApi(new DmaDirect(pages, pool, DmaDirect.Bounce.IF_NEEDED), tracer);
    direct = new DmaApi(new DmaDirect(pages), tracer);
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @Test
  void whereTheLineIsSharedTheDeviceLosesWhatItWrote() {
    long at = direct.mapPage(driver, BUFFER, 32, FROM_DEVICE);
    cpu.store(NEIGHBOUR, 8, 5);
    device.store64(at, 7);
    direct.unmapPage(driver, at, 32, FROM_DEVICE);

    assertThat(cpu.load(NEIGHBOUR, 8)).isEqualTo(5);
    assertThat(cpu.load(BUFFER, 8)).isEqualTo(0);
  }

  @Test
  void throughThePoolNeitherSideLosesAnything() {
    long at = bouncing.mapPage(driver, BUFFER, 32, FROM_DEVICE);
    cpu.store(NEIGHBOUR, 8, 5);
    assertThat(cache.isDevices(NEIGHBOUR)).isFalse();
    device.store64(at, 7);
    bouncing.unmapPage(driver, at, 32, FROM_DEVICE);

    assertThat(cpu.load(NEIGHBOUR, 8)).isEqualTo(5);
    assertThat(cpu.load(BUFFER, 8)).isEqualTo(7);
    assertThat(pool.usedSlots()).isEqualTo(0);
    assertThat(pool.mostUsedSlots()).isEqualTo(1);
  }

  @Test
  void ofAListOnlyTheSmallPieceBounces() throws Exception {
    ScatterList list = new ScatterList();
    list.add(NEIGHBOUR + 4096, 4096);
    list.add(BUFFER, 32);
    bouncing.mapSgtable(driver, list, BIDIRECTIONAL);

    assertThat(list.dmaAddress(0)).isEqualTo(NEIGHBOUR + 4096);
    assertThat(pool.contains(list.dmaAddress(1))).isTrue();
    cpu.store(NEIGHBOUR, 8, 5);
    device.store64(list.dmaAddress(1), 7);
    bouncing.unmapSg(driver, list, BIDIRECTIONAL);
    assertThat(cpu.load(BUFFER, 8)).isEqualTo(7);
  }

  @Test // the sizes that kmalloc has: 8, 16, 32, 64, 96, 128, 192, 256
  void itDependsOnWhatKmallocTakesForTheSize() {
    for (int size = 1; size <= 4096; size++) {
      boolean bounces = size <= 32 || (size > 64 && size <= 96);
      assertWithMessage("%s bytes", size)
          .that(SmallBuffers.needBounce(driver, size, FROM_DEVICE))
          .isEqualTo(bounces);
    }
    assertThat(SmallBuffers.needBounce(driver, 32, BIDIRECTIONAL)).isTrue();
  }

  @Test
  void whoOnlyReadsOrSnoopsOrIsRegistersNeedsNoPool() {
    assertThat(bouncing.mapPage(driver, BUFFER, 32, TO_DEVICE)).isEqualTo(BUFFER);
    assertThat(bouncing.mapPage(driver, BUFFER, 4, FROM_DEVICE, DmaAttr.MMIO)).isEqualTo(BUFFER);

    driver.dma().setCoherent(true);

    assertThat(bouncing.mapPage(driver, BUFFER, 32, FROM_DEVICE)).isEqualTo(BUFFER);
  }
}
