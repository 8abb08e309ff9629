package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.scenario.DmaClient.DIRECT;
import static org.smmulator.scenario.DmaClient.PAGE;
import static org.smmulator.scenario.DmaClient.TRANSLATED;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.trace.FtraceText;
import org.smmulator.trace.TraceEvent;
import org.smmulator.trace.TraceRecord;

/** The {@code dma} tracepoints of a machine, as {@code include/trace/events/dma.h} prints them. */
@SuppressWarnings("NullAway.Init") // each test boots first
class DmaTraceTest {
  @TempDir Path folder;

  private DmaClient client;
  private DmaApi dma;

  @BeforeEach
  void boot() throws Exception {
    client = DmaClient.boot(folder, KernelConfig.defaults(), true);
    dma = client.machine.dma();
  }

  @AfterEach
  void shutDown() {
    client.close();
  }

  @Test
  void pagesThatAreMappedSyncedAndUnmapped() throws Exception {
    long pa = client.page();
    var device = client.device(TRANSLATED);
    run(() -> {
      long at = client.map(TRANSLATED, pa + 0x10, FROM_DEVICE);
      dma.syncForCpu(device, at + 0x20, 64, FROM_DEVICE);
      dma.syncForDevice(device, at + 0x20, 64, FROM_DEVICE);
      dma.unmapPage(device, at, PAGE, FROM_DEVICE);
      int attrs = DmaAttr.NO_WARN | DmaAttr.SKIP_CPU_SYNC;
      long again = dma.mapPage(device, pa, 512, TO_DEVICE, attrs);
      dma.unmapPage(device, again, 512, TO_DEVICE, attrs);
    });

    // The two pages of the first mapping stay with the CPU that freed them.
    assertThat(events(TRANSLATED))
        .containsExactly(
            "dma_map_phys: b000000.dma dir=FROM_DEVICE dma_addr=ffffe010 size=4096 phys_addr="
                + hex(pa + 0x10)
                + " attrs=",
            "dma_sync_single_for_cpu: b000000.dma dir=FROM_DEVICE dma_addr=ffffe030 size=64",
            "dma_sync_single_for_device: b000000.dma dir=FROM_DEVICE dma_addr=ffffe030 size=64",
            "dma_unmap_phys: b000000.dma dir=FROM_DEVICE dma_addr=ffffe010 size=4096 attrs=",
            "dma_map_phys: b000000.dma dir=TO_DEVICE dma_addr=ffffd000 size=512 phys_addr="
                + hex(pa)
                + " attrs=SKIP_CPU_SYNC|NO_WARN",
            "dma_unmap_phys: b000000.dma dir=TO_DEVICE dma_addr=ffffd000 size=512"
                + " attrs=SKIP_CPU_SYNC|NO_WARN")
        .inOrder();
  }

  @Test
  void aMapThatFailsShowsTheAddressThatMeansIt() throws Exception {
    var device = client.device(DIRECT);
    device.dma().setMask(0xffff);
    run(() -> {
      long at = dma.mapPage(device, client.page(), PAGE, TO_DEVICE, DmaAttr.MMIO);
      assertThat(dma.mappingError(device, at)).isTrue();
    });

    assertThat(events(DIRECT).getFirst())
        .matches(
            "dma_map_phys: b010000.dma dir=TO_DEVICE dma_addr=ffffffffffffffff size=4096"
                + " phys_addr=[0-9a-f]+ attrs=MMIO");
  }

  @Test
  void aListThatTheDeviceSeesInOnePiece() throws Exception {
    ScatterList list = client.pages(2);
    var device = client.device(TRANSLATED);
    run(() -> {
      dma.mapSgtable(device, list, BIDIRECTIONAL);
      dma.syncSgForCpu(device, list, BIDIRECTIONAL);
      dma.syncSgForDevice(device, list, BIDIRECTIONAL);
      dma.unmapSg(device, list, BIDIRECTIONAL, DmaAttr.PRIVILEGED);
    });

    String pas = "{0x" + hex(list.pa(0)) + ",0x" + hex(list.pa(1)) + "}";
    assertThat(events(TRANSLATED))
        .containsExactly(
            "dma_map_sg: b000000.dma dir=BIDIRECTIONAL nents=2/2 ents=1/1"
                + " dma_addrs={0xffffe000} sizes={0x2000} phys_addrs="
                + pas
                + " attrs=",
            "dma_sync_sg_for_cpu: b000000.dma dir=BIDIRECTIONAL"
                + " dma_addrs={0xffffe000,0xffffffffffffffff} sizes={0x2000,0x0}",
            "dma_sync_sg_for_device: b000000.dma dir=BIDIRECTIONAL"
                + " dma_addrs={0xffffe000,0xffffffffffffffff} sizes={0x2000,0x0}",
            "dma_unmap_sg: b000000.dma dir=BIDIRECTIONAL phys_addrs=" + pas + " attrs=PRIVILEGED")
        .inOrder();
  }

  @Test
  void ofALongListTheFirst128Pieces() throws Exception {
    ScatterList list = client.pages(130);
    run(() -> dma.mapSgtable(client.device(DIRECT), list, TO_DEVICE));

    String text = events(DIRECT).getFirst();
    assertThat(text)
        .startsWith(
            "dma_map_sg: b010000.dma dir=TO_DEVICE nents=128/130 ents=128/130 [TRUNCATED]"
                + " dma_addrs={0x"
                + hex(list.pa(0))
                + ",");
    assertThat(text).contains(",0x" + hex(list.pa(127)) + "} sizes={0x1000,");
    assertThat(text).doesNotContain(hex(list.pa(128)));
  }

  @Test
  void coherentMemoryAndWhenThereIsNone() throws Exception {
    var device = client.device(TRANSLATED);
    CoherentBuffer[] buffer = new CoherentBuffer[1];
    run(() -> {
      buffer[0] = dma.allocCoherent(device, 100, DmaAttr.FORCE_CONTIGUOUS);
      dma.freeCoherent(device, buffer[0]);
      assertThrows(
          ErrnoException.class,
          () -> dma.allocCoherent(device, 1L << 36, DmaAttr.FORCE_CONTIGUOUS));
    });

    String where =
        String.format(
            Locale.ROOT,
            "b000000.dma dir=BIDIRECTIONAL dma_addr=fffff000 size=100 virt_addr=%016x",
            buffer[0].pa());
    assertThat(events(TRANSLATED))
        .containsExactly(
            "dma_alloc: " + where + " flags=GFP_KERNEL attrs=FORCE_CONTIGUOUS",
            "dma_free: " + where + " attrs=",
            "dma_alloc: b000000.dma dir=BIDIRECTIONAL dma_addr=0 size=68719476736"
                + " virt_addr=0000000000000000 flags=GFP_KERNEL attrs=FORCE_CONTIGUOUS")
        .inOrder();
  }

  @Test
  void aLineOfTheTraceFile() throws Exception {
    run(() -> dma.freeCoherent(client.device(DIRECT), dma.allocCoherent(client.device(DIRECT), 1)));

    TraceRecord last = client.machine.tracer().records().getLast();
    assertThat(last.event().system()).isEqualTo("dma");
    assertThat(FtraceText.line(last))
        .matches(
            " +test-\\d+ +\\[\\d{3}] \\.{5} +\\d+\\.\\d{6}: dma_free: b010000.dma"
                + " dir=BIDIRECTIONAL dma_addr=[0-9a-f]+ size=1 virt_addr=[0-9a-f]{16} attrs=");
  }

  private void run(KernelThread.Body body) throws Exception {
    KernelThread.run(client.machine, body);
  }

  /** Name and text of each DMA event of a device. */
  private ImmutableList<String> events(String device) {
    return client.machine.tracer().events().stream()
        .filter(event -> event.system().equals("dma"))
        .map(DmaTraceTest::text)
        .filter(text -> text.contains(device))
        .collect(ImmutableList.toImmutableList());
  }

  private static String text(TraceEvent event) {
    return event.name() + ": " + event.print();
  }

  private static String hex(long address) {
    return Long.toHexString(address);
  }
}
