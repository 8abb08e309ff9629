package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The bits and the bookkeeping of Samsung's tables. Expected entries follow the layout of {@code
 * drivers/iommu/exynos-iommu.c}: PG_ENT_SHIFT, LV1_PROT, LV2_PROT.
 */
class ExynosFormatTest {
  private static final long PAGE = 0x1000;
  private static final long LARGE_PAGE = 0x1_0000;
  private static final long SECTION = 0x10_0000;
  private static final long IOVA = 0x4000_0000L;
  private static final int IN_USE = Errno.EADDRINUSE.number();

  private final TableMachine machine = new TableMachine(16 << 20);
  private final IotlbGather gather = new IotlbGather();

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void theFirstEncodingHoldsA32BitAddressAsItIs() {
    IoPgtable table = v1();

    assertThat(leafAfterMapping(table, SECTION, 0x9870_0000L, READ)).isEqualTo(0x9870_8402);
    assertThat(leafAfterMapping(table, SECTION, 0x9870_0000L, READ | WRITE)).isEqualTo(0x9870_0402);
    assertThat(leafAfterMapping(table, LARGE_PAGE, 0x9876_0000L, READ)).isEqualTo(0x9876_0211);
    assertThat(leafAfterMapping(table, LARGE_PAGE, 0x9876_0000L, WRITE)).isEqualTo(0x9876_0011);
    assertThat(leafAfterMapping(table, PAGE, 0x9876_5000L, READ)).isEqualTo(0x9876_5212);
    assertThat(leafAfterMapping(table, PAGE, 0x9876_5000L, READ | WRITE)).isEqualTo(0x9876_5012);
    assertThat(leafAfterMapping(table, PAGE, 0x9876_5000L, CACHE)).isEqualTo(0x9876_5002);
  }

  @Test
  void theSecondEncodingHoldsA36BitAddressShiftedRightByFour() {
    IoPgtable table = v5();

    assertThat(leafAfterMapping(table, SECTION, 0xf_9870_0000L, READ)).isEqualTo(0xf987_0012);
    assertThat(leafAfterMapping(table, SECTION, 0xf_9870_0000L, WRITE)).isEqualTo(0xf987_0022);
    assertThat(leafAfterMapping(table, LARGE_PAGE, 0xf_9876_0000L, READ)).isEqualTo(0xf987_6005);
    assertThat(leafAfterMapping(table, PAGE, 0xf_9876_5000L, READ)).isEqualTo(0xf987_6506);
    assertThat(leafAfterMapping(table, PAGE, 0xf_9876_5000L, WRITE)).isEqualTo(0xf987_650a);
    assertThat(leafAfterMapping(table, PAGE, 0xf_9876_5000L, READ | WRITE)).isEqualTo(0xf987_650e);
    assertThat(table.mapPages(IOVA, 0xf_9876_5000L, PAGE, 1, READ)).isEqualTo(PAGE);
    assertThat(table.iovaToPhys(IOVA + 0x42)).isEqualTo(0xf_9876_5042L);
  }

  @Test
  void everyMegabyteOfEveryNewTableIsLinkedToTheSameTableOfHoles() {
    IoPgtable first = v1();
    IoPgtable second = v1();
    int link = rootEntry(first, 0);
    long zeroTable = link & 0xffff_fc00L;

    assertThat(link & 3).isEqualTo(1);
    for (int i = 0; i < 4096; i++) {
      assertThat(rootEntry(first, (long) i << 20)).isEqualTo(link);
      assertThat(rootEntry(second, (long) i << 20)).isEqualTo(link);
    }
    for (int i = 0; i < 256; i++) {
      assertThat(machine.dram.getInt(zeroTable + 4L * i)).isEqualTo(0);
    }
  }

  @Test
  void theTableOfHolesGoesWithTheLastTable() {
    IoPgtable first = v1();
    long zeroTable = rootEntry(first, 0) & 0xffff_fc00L;
    IoPgtable second = v5();
    first.free();
    assertThat(rootEntry(second, 0) & 0xffff_ffc0).isEqualTo((int) (zeroTable >>> 4));

    second.free();

    assertThat(machine.pagesInUse()).isEqualTo(0);
  }

  @Test
  void anUnmappedSectionLeavesTheLinkToTheTableOfHoles() {
    IoPgtable table = v1();
    int link = rootEntry(table, IOVA);
    assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);

    assertThat(table.unmapPages(IOVA, SECTION, 1, gather)).isEqualTo(SECTION);

    assertThat(rootEntry(table, IOVA)).isEqualTo(link);
  }

  @Test
  void oneCallMapsAndUnmapsOneLeafWhateverItsCount() {
    IoPgtable table = v1();

    assertThat(table.mapPages(IOVA, SECTION, PAGE, 256, READ)).isEqualTo(PAGE);
    assertThat(table.unmapPages(IOVA, PAGE, 256, gather)).isEqualTo(PAGE);
  }

  @Test
  void walkersAreToldWhenATableTakesThePlaceOfTheLinkAndOnlyThen() {
    IoPgtable table = v1();

    assertThat(table.mapPages(IOVA + 0x3000, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);
    assertThat(machine.flushes.log).containsExactly("walk 0x40000000+0x100000 by 0x1000");

    assertThat(table.mapPages(IOVA + 0x4000, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);
    assertThat(machine.flushes.walks).isEqualTo(1);
  }

  /** Upstream tells them of neither, and frees the table first: see {@link ExynosPgtable}. */
  @Test
  void walkersAreToldWhenASectionTakesThePlaceOfAnEmptyTableAndNotOfTheLink() {
    IoPgtable table = v1();
    assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);
    assertThat(machine.flushes.log).isEmpty();

    assertThat(table.mapPages(0, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);
    assertThat(table.unmapPages(0, PAGE, 1, gather)).isEqualTo(PAGE);
    machine.flushes.reset();
    assertThat(table.mapPages(0, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);
    assertThat(machine.flushes.log).containsExactly("walk 0x0+0x100000 by 0x1000");
  }

  @Test
  void aSectionWaitsUntilTheLastPageOfItsTableIsGone() {
    IoPgtable table = v1();
    for (int i = 0; i < 256; i++) {
      assertThat(table.mapPages(IOVA + i * PAGE, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);
    }
    for (int i = 0; i < 255; i++) {
      assertThat(table.unmapPages(IOVA + i * PAGE, PAGE, 1, gather)).isEqualTo(PAGE);
      assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(IN_USE);
    }

    assertThat(table.unmapPages(IOVA + 255 * PAGE, PAGE, 1, gather)).isEqualTo(PAGE);

    assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);
  }

  @Test
  void aLargePageThatMeetsAPageTakesBackTheEntriesThatItWroteAndCountsNone() {
    IoPgtable table = v1();
    assertThat(table.mapPages(IOVA + 5 * PAGE, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);

    assertThat(table.mapPages(IOVA, 2 * SECTION, LARGE_PAGE, 1, READ)).isEqualTo(IN_USE);

    assertThat(table.iovaToPhys(IOVA + 4 * PAGE)).isEqualTo(0);
    assertThat(table.iovaToPhys(IOVA + 5 * PAGE)).isEqualTo(SECTION);
    assertThat(table.unmapPages(IOVA + 5 * PAGE, PAGE, 1, gather)).isEqualTo(PAGE);
    assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);
  }

  @Test
  void anUnmapOfAHoleCoversASectionWhereThereIsNoTableAndAPageWhereThereIsOne() {
    IoPgtable table = v1();
    assertThat(table.mapPages(IOVA, SECTION, PAGE, 1, READ)).isEqualTo(PAGE);

    assertThat(table.unmapPages(0, SECTION, 1, gather)).isEqualTo(SECTION);
    assertThat(table.unmapPages(0, LARGE_PAGE, 1, gather)).isEqualTo(LARGE_PAGE);
    assertThat(table.unmapPages(IOVA + LARGE_PAGE, LARGE_PAGE, 1, gather)).isEqualTo(PAGE);
  }

  @Test
  void theLogHasTheKernelsWords() {
    IoPgtable table = v1();
    assertThat(table.mapPages(IOVA, SECTION, SECTION, 1, READ)).isEqualTo(SECTION);

    assertThat(table.mapPages(IOVA + PAGE, SECTION, PAGE, 1, READ)).isEqualTo(IN_USE);

    assertThat(machine.dmesg.lines().get(0).text())
        .endsWith("Trying mapping on 0x40001000 mapped with 1MiB page");
    assertThat(machine.dmesg.lines().get(1).text())
        .isEqualTo("exynos_iommu_map: Failed(-98) to map 0x1000 bytes @ 0x40001000");
  }

  @Test
  void theWalkIsToldEntryByEntry() {
    IoPgtable table = v1();
    assertThat(table.mapPages(IOVA + 0x3_0000, 0x8777_0000L, LARGE_PAGE, 1, READ))
        .isEqualTo(LARGE_PAGE);

    PgtableWalk walk = table.explain(IOVA + 0x3_5678);

    assertThat(walk.toString()).isEqualTo("L1[1024] L2[53] -> pa 0x87775678");
    assertThat(walk.steps().get(0).meaning()).startsWith("table 0x");
    assertThat(walk.steps().get(1).meaning()).isEqualTo("large page 0x87770000 r-");
    assertThat(table.explain(0).steps().get(0).meaning()).startsWith("zero table 0x");
    assertThat(table.explain(0).toString()).isEqualTo("L1[0] L2[0] -> nothing");
  }

  @Test
  void whatNoSysmmuReadsIsRefused() {
    assertRefused(IoPgtableFormat.EXYNOS, 32, 36);
    assertRefused(IoPgtableFormat.EXYNOS_V5, 32, 40);
    assertRefused(IoPgtableFormat.EXYNOS_V5, 36, 36);
  }

  private void assertRefused(IoPgtableFormat format, int ias, int oas) {
    ErrnoException refused =
        assertThrows(ErrnoException.class, () -> machine.tryTable(format, config(ias, oas)));
    assertThat(refused.errno()).isEqualTo(Errno.ENOMEM);
  }

  /** The entry of a leaf that is mapped and unmapped again. */
  private int leafAfterMapping(IoPgtable table, long size, long pa, int prot) {
    assertThat(table.mapPages(IOVA, pa, size, 1, prot)).isEqualTo(size);
    var steps = table.explain(IOVA).steps();
    int leaf = (int) steps.getLast().bits();
    assertThat(table.unmapPages(IOVA, size, 1, gather)).isEqualTo(size);
    if (size != SECTION) {
      // Its empty table makes room for the next section.
      assertThat(table.mapPages(IOVA, 0, SECTION, 1, prot)).isEqualTo(SECTION);
      assertThat(table.unmapPages(IOVA, SECTION, 1, gather)).isEqualTo(SECTION);
    }
    return leaf;
  }

  private int rootEntry(IoPgtable table, long iova) {
    return machine.dram.getInt(table.registers().base() + 4 * (iova >>> 20));
  }

  private IoPgtable v1() {
    return machine.table(IoPgtableFormat.EXYNOS, config(32, 32));
  }

  private IoPgtable v5() {
    return machine.table(IoPgtableFormat.EXYNOS_V5, config(32, 36));
  }

  private static IoPgtableConfig config(int ias, int oas) {
    return new IoPgtableConfig(ImmutableSet.of(), PAGE | LARGE_PAGE | SECTION, ias, oas, false);
  }
}
