package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceEvent;
import org.smmulator.trace.Tracer;

/** What a device can reach, and what its driver is told when it cannot. */
class DmaApiTest {
  private static final long BASE = 0x8000_0000L;
  private static final long ABOVE_4_GIB = 0x1_0000_0000L;
  private static final long MIB = 1L << 20;

  /** Operations that refuse every list. */
  private record Refusing(Errno errno) implements DmaOps {
    @Override
    public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
        throws ErrnoException {
      throw errno.because("no");
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
    public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
        throws ErrnoException {
      throw errno.because("no");
    }

    @Override
    public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {}

    @Override
    public void syncForCpu(Device device, long dmaAddress, long size, DmaDirection direction) {}

    @Override
    public void syncForDevice(Device device, long dmaAddress, long size, DmaDirection direction) {}
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Tracer tracer = new Tracer(scheduler, 10);
  private final Device device = newDevice();
  private Dram dram;
  private PageAllocator pages;
  private DmaApi dma;

  @BeforeEach
  void memory() throws Exception {
    useMemoryAt(BASE);
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @Test
  void withoutAnIommuTheDeviceUsesThePhysicalAddress() {
    assertThat(dma.mapPage(device, BASE + 0x10, 64, TO_DEVICE)).isEqualTo(BASE + 0x10);
  }

  @Test
  void theLastByteMustLieWithinTheMask() {
    assertThat(dma.mapPage(device, 0xffff_f000L, 4096, TO_DEVICE)).isEqualTo(0xffff_f000L);
    assertThat(dma.mapPage(device, 0xffff_f000L, 4097, TO_DEVICE)).isEqualTo(MAPPING_ERROR);

    device.dma().setMask(-1);
    assertThat(dma.mapPage(device, ABOVE_4_GIB, 4096, TO_DEVICE)).isEqualTo(ABOVE_4_GIB);
  }

  @Test
  void aCoherentBufferIsZeroedAndOnTheDevicesAccountUntilItIsFreed() throws Exception {
    CoherentBuffer first = dma.allocCoherent(device, 5000);
    dram.putLong(first.pa(), 42);
    assertThat(pages.usage()).containsExactly("dma of 5000000.gpu", 2L);
    assertThat(first.dmaAddress()).isEqualTo(first.pa());
    dma.freeCoherent(device, first);
    assertThat(pages.usage()).isEmpty();

    CoherentBuffer again = dma.allocCoherent(device, 5000);
    assertThat(again).isEqualTo(first);
    assertThat(dram.getLong(again.pa())).isEqualTo(0);
  }

  @Test
  void coherentMemoryOutOfReachIsNotKept() throws Exception {
    dram.close();
    useMemoryAt(ABOVE_4_GIB);

    ErrnoException e = assertThrows(ErrnoException.class, () -> dma.allocCoherent(device, 4096));

    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(pages.usage()).isEmpty();
  }

  @Test
  void scatteredPagesStayScatteredForADeviceWithoutAnIommu() throws Exception {
    ScatterList list = new ScatterList();
    list.add(BASE + 0x5000, 4096);
    list.add(BASE + 0x1000, 8192);

    dma.mapSgtable(device, list, BIDIRECTIONAL);

    assertThat(list.mappedCount()).isEqualTo(2);
    assertThat(list.dmaAddress(1)).isEqualTo(BASE + 0x1000);
    assertThat(list.dmaLength(1)).isEqualTo(8192);
    dma.unmapSg(device, list, BIDIRECTIONAL);
    assertThat(list.mappedCount()).isEqualTo(0);
  }

  @Test
  void onePageOutOfReachLeavesTheWholeListUnmapped() {
    ScatterList list = new ScatterList();
    list.add(BASE, 4096);
    list.add(ABOVE_4_GIB, 4096);

    assertThat(dma.mapSg(device, list, TO_DEVICE)).isEqualTo(0);
    assertThat(list.mappedCount()).isEqualTo(0);
    assertThat(errnoOfMapping(list)).isEqualTo(Errno.EIO);
  }

  @Test
  void aTableTellsFourErrorsApartAndCallsAllOthersEio() {
    assertThat(errnoWhenRefusedWith(Errno.EINVAL)).isEqualTo(Errno.EINVAL);
    assertThat(errnoWhenRefusedWith(Errno.ENOMEM)).isEqualTo(Errno.ENOMEM);
    assertThat(errnoWhenRefusedWith(Errno.EREMOTEIO)).isEqualTo(Errno.EREMOTEIO);
    assertThat(errnoWhenRefusedWith(Errno.EBUSY)).isEqualTo(Errno.EIO);
  }

  @Test
  void anErrorThatCallersAreNotToldIsTraced() {
    tracer.enable(DmaEvents.MapSgErr.class);
    device.attach(DmaOps.class, new Refusing(Errno.EBUSY));
    ScatterList list = new ScatterList();
    list.add(BASE, 4096);
    list.add(BASE + 0x3000, 4096);

    assertThat(dma.mapSg(device, list, TO_DEVICE)).isEqualTo(0);

    TraceEvent event = tracer.events().getFirst();
    assertThat(event.name()).isEqualTo("dma_map_sg_err");
    assertThat(event.print())
        .isEqualTo("5000000.gpu dir=TO_DEVICE dma_addrs={0x80000000,0x80003000} err=-16 attrs=");
    assertThat(errnoWhenRefusedWith(Errno.ENOMEM)).isEqualTo(Errno.ENOMEM);
    assertThat(tracer.events()).hasSize(1);
  }

  @Test
  void noDirectionIsABugInEachCall() {
    ScatterList list = new ScatterList();
    ImmutableList<Executable> calls =
        ImmutableList.of(
            () -> dma.mapPage(device, BASE, 4096, DmaDirection.NONE),
            () -> dma.unmapPage(device, BASE, 4096, DmaDirection.NONE),
            () -> dma.mapSgtable(device, list, DmaDirection.NONE),
            () -> dma.unmapSg(device, list, DmaDirection.NONE),
            () -> dma.syncForCpu(device, BASE, 4096, DmaDirection.NONE),
            () -> dma.syncForDevice(device, BASE, 4096, DmaDirection.NONE),
            () -> dma.syncSgForCpu(device, list, DmaDirection.NONE),
            () -> dma.syncSgForDevice(device, list, DmaDirection.NONE));
    for (Executable call : calls) {
      assertThrows(IllegalArgumentException.class, call);
    }
  }

  @Test
  void aListHasAsManyPiecesAsAreAddedAndNoneIsAddedOrMappedAgainWhileItIsMapped() throws Exception {
    ScatterList list = new ScatterList();
    for (int i = 0; i < 9; i++) {
      list.add(BASE + 8192L * i, 4096L + i);
    }
    dma.mapSgtable(device, list, BIDIRECTIONAL);

    for (int i = 0; i < 9; i++) {
      assertThat(list.dmaAddress(i)).isEqualTo(BASE + 8192L * i);
      assertThat(list.dmaLength(i)).isEqualTo(4096L + i);
    }
    assertThrows(IllegalStateException.class, () -> list.add(BASE, 4096));
    assertThrows(IllegalStateException.class, () -> dma.mapSgtable(device, list, BIDIRECTIONAL));
    dma.unmapSg(device, list, BIDIRECTIONAL);
    assertThrows(IllegalArgumentException.class, () -> list.add(BASE, 0));
  }

  @Test
  void coherentMemoryIsTheFewestWholePages() throws Exception {
    for (long[] sizeAndPages : new long[][] {{1, 1}, {4096, 1}, {4097, 2}, {8192, 2}}) {
      CoherentBuffer buffer = dma.allocCoherent(device, sizeAndPages[0]);
      assertThat(pages.usage()).containsExactly("dma of 5000000.gpu", sizeAndPages[1]);
      dma.freeCoherent(device, buffer);
      assertThat(pages.usage()).isEmpty();
    }
  }

  private Errno errnoWhenRefusedWith(Errno errno) {
    device.detach(DmaOps.class);
    device.attach(DmaOps.class, new Refusing(errno));
    return errnoOfMapping(new ScatterList());
  }

  private Errno errnoOfMapping(ScatterList list) {
    return assertThrows(ErrnoException.class, () -> dma.mapSgtable(device, list, BIDIRECTIONAL))
        .errno();
  }

  private void useMemoryAt(long base) throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(base, 16 * MIB)));
    pages = new PageAllocator(dram);
    dma = new DmaApi(new DmaDirect(pages), tracer);
  }

  private Device newDevice() {
    return new Device("5000000.gpu", "platform", null, new Dmesg(scheduler));
  }
}
