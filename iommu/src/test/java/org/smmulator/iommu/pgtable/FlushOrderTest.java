package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/**
 * What a table asks to be invalidated, and when: before its memory is somebody else's. The order of
 * the calls is the contract, so they are mocked. Source: {@code io-pgtable.h}, {@code struct
 * iommu_flush_ops}.
 */
class FlushOrderTest {
  private static final long PAGE = 0x1000;
  private static final long BLOCK = 0x20_0000;
  private static final long PA = 0x4000_0000L;

  private final TableMachine machine = new TableMachine(16 << 20);
  private final FlushOps flushes = mock(FlushOps.class);
  private final IotlbSync domain = mock(IotlbSync.class);
  private IoPgtable table;
  private long framesOfRoot;

  @BeforeEach
  void anEmptyTable() throws Exception {
    IoPgtableConfig config =
        new IoPgtableConfig(ImmutableSet.of(), PAGE | BLOCK | 1L << 30, 48, 48, true);
    table =
        machine.pgtables().alloc(IoPgtableFormat.ARM_64_LPAE_S1, config, machine.owner, flushes);
    framesOfRoot = machine.owner.pagesInUse();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** The flush that is called on the result finds that many pages in use. */
  private FlushOps whileInUse(long pages) {
    return doAnswer(
            _ -> {
              assertThat(machine.owner.pagesInUse()).isEqualTo(pages);
              return null;
            })
        .when(flushes);
  }

  @Test
  void leavesAreNamedOneByOneInAscendingOrderAndNothingIsWaitedFor() {
    IotlbGather gather = new IotlbGather();
    long _ = table.mapPages(0, PA, PAGE, 3, READ | WRITE);

    long _ = table.unmapPages(0, PAGE, 3, gather);

    InOrder order = inOrder(flushes, domain);
    order.verify(flushes).addPage(gather, 0, PAGE);
    order.verify(flushes).addPage(gather, PAGE, PAGE);
    order.verify(flushes).addPage(gather, 2 * PAGE, PAGE);
    verifyNoMoreInteractions(flushes, domain);
  }

  @Test
  void aTableIsForgottenBeforeItsMemoryGoesBack() {
    long _ = table.mapPages(0, PA, PAGE, 512, READ | WRITE);
    long withTables = machine.owner.pagesInUse();
    whileInUse(withTables).flushWalk(0, BLOCK, PAGE);

    IotlbGather gather = new IotlbGather();
    long _ = table.unmapPages(0, BLOCK, 1, gather);

    InOrder order = inOrder(flushes);
    order.verify(flushes).flushWalk(0, BLOCK, PAGE);
    order.verify(flushes).addPage(gather, 0, BLOCK);
    order.verifyNoMoreInteractions();
    assertThat(machine.owner.pagesInUse()).isEqualTo(withTables - 1);
  }

  @Test
  void aBlockThatReplacesATableForgetsTheTableFirst() {
    long _ = table.mapPages(0, PA, PAGE, 1, READ | WRITE);

    long result = table.mapPages(0, PA, BLOCK, 1, READ | WRITE);

    assertThat(IoPgtable.errno(result)).isEqualTo(0);
    InOrder order = inOrder(flushes);
    order.verify(flushes).flushWalk(0, BLOCK, PAGE);
    order.verifyNoMoreInteractions();
  }

  @Test
  void freeingFlushesEverythingWhileEveryTableIsStillThere() {
    long _ = table.mapPages(0, PA, PAGE, 1, READ | WRITE);
    long withTables = machine.owner.pagesInUse();
    assertThat(withTables).isGreaterThan(framesOfRoot);
    whileInUse(withTables).flushAll();

    table.free();

    InOrder order = inOrder(flushes);
    order.verify(flushes).flushAll();
    order.verifyNoMoreInteractions();
    assertThat(machine.owner.pagesInUse()).isEqualTo(0);
  }

  @Test
  void aTableOfShortDescriptorsIsForgottenBeforeItsMemoryGoesBackToo() throws Exception {
    long section = 1L << 20;
    IoPgtableConfig config =
        new IoPgtableConfig(ImmutableSet.of(), PAGE | 0x1_0000 | section | 1L << 24, 32, 32, true);
    IoPgtable shorts =
        machine.pgtables().alloc(IoPgtableFormat.ARM_V7S, config, machine.owner, flushes);
    long _ = shorts.mapPages(0, PA, PAGE, 256, READ | WRITE);
    long withTables = machine.owner.pagesInUse();
    whileInUse(withTables).flushWalk(0, section, PAGE);

    IotlbGather gather = new IotlbGather();
    long _ = shorts.unmapPages(0, section, 1, gather);

    InOrder order = inOrder(flushes);
    order.verify(flushes).flushWalk(0, section, PAGE);
    assertThat(machine.owner.pagesInUse()).isEqualTo(withTables - 1);
    shorts.free();
  }

  /** Each of the 16 entries of a large page maps all of it. */
  @Test
  void aRepeatedLeafIsClearedWholeBeforeAnyOfItIsInvalidated() throws Exception {
    long large = 0x1_0000;
    IoPgtableConfig config =
        new IoPgtableConfig(ImmutableSet.of(), PAGE | large | 1L << 20 | 1L << 24, 32, 32, true);
    IoPgtable shorts =
        machine.pgtables().alloc(IoPgtableFormat.ARM_V7S, config, machine.owner, flushes);
    long _ = shorts.mapPages(0, 0x4000_0000L, large, 1, READ | WRITE);
    List<Long> stillMapped = new ArrayList<>();
    doAnswer(
            _ -> {
              for (long iova = 0; iova < large; iova += PAGE) {
                if (shorts.iovaToPhys(iova) != 0) {
                  stillMapped.add(iova);
                }
              }
              return null;
            })
        .when(flushes)
        .addPage(any(), anyLong(), anyLong());

    IotlbGather gather = new IotlbGather();
    long _ = shorts.unmapPages(0, large, 1, gather);

    InOrder order = inOrder(flushes);
    for (int entry = 0; entry < 16; entry++) {
      order.verify(flushes).addPage(gather, entry * PAGE, PAGE);
    }
    order.verifyNoMoreInteractions();
    assertThat(stillMapped).isEmpty();
  }

  @Test
  void aGatherThatCannotTakeALeafSyncsBeforeItTakesIt() {
    IotlbGather gather = new IotlbGather();

    gather.addPage(domain, 0, PAGE);
    gather.addPage(domain, 16 * PAGE, PAGE);

    verify(domain).iotlbSync(gather);
    assertThat(gather.startIova()).isEqualTo(16 * PAGE);
  }
}
