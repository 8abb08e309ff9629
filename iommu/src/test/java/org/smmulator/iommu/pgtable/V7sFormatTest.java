package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Which short-descriptor tables can be made, their memory, and the entries no golden case has. */
class V7sFormatTest {
  private static final long SIZES = 1L << 12 | 1L << 16 | 1L << 20 | 1L << 24;

  private final TableMachine machine = new TableMachine(4L << 20);

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void addressesAreOf32BitsUnlessMediatekExtendsThem() {
    refused(config(33, 32));
    refused(config(32, 33));
    refused(config(35, 35, Quirk.NO_PERMS, Quirk.ARM_MTK_EXT));
    refused(config(34, 36, Quirk.NO_PERMS, Quirk.ARM_MTK_EXT));

    assertThat(machine.table(IoPgtableFormat.ARM_V7S, config(32, 32)).config().ias()).isEqualTo(32);
  }

  @Test
  void quirksThatNeedAnotherOrAreOfAnotherFormatAreRefused() {
    refused(config(32, 32, Quirk.ARM_MTK_EXT));
    refused(config(32, 32, Quirk.ARM_MTK_TTBR_EXT));
    refused(config(32, 32, Quirk.NO_PERMS, Quirk.ARM_MTK_TTBR_EXT));
    refused(config(32, 32, Quirk.NO_WARN));
    refused(config(32, 32, Quirk.ARM_TTBR1));
  }

  @Test
  void sizesAreNarrowedToTheFourOfTheFormat() {
    IoPgtableConfig all = new IoPgtableConfig(ImmutableSet.of(), -1, 32, 32, true);

    assertThat(machine.table(IoPgtableFormat.ARM_V7S, all).config().pgsizeBitmap())
        .isEqualTo(0x111_1000L);
  }

  @Test
  void theRootIsOf16KibAndFourTablesShareAPage() {
    IoPgtable table = machine.table(IoPgtableFormat.ARM_V7S, config(32, 32));
    assertThat(machine.owner.pagesInUse()).isEqualTo(4);
    assertThat(table.registers().base() & 0x3fff).isEqualTo(0);

    mapPageIn(table, 0, 4);
    assertThat(machine.owner.pagesInUse()).isEqualTo(5);
    mapPageIn(table, 4, 9);
    assertThat(machine.owner.pagesInUse()).isEqualTo(7);

    unmapTablesIn(table, 1, 4);
    assertThat(machine.owner.pagesInUse()).isEqualTo(7);
    unmapTablesIn(table, 0, 1);
    assertThat(machine.owner.pagesInUse()).isEqualTo(6);
    unmapTablesIn(table, 5, 6);
    mapPageIn(table, 0, 1);
    assertThat(machine.owner.pagesInUse()).isEqualTo(6);
    assertThat(table.iovaToPhys(0x1000)).isEqualTo(0);
    assertThat(table.iovaToPhys(8L << 20)).isEqualTo(0x8000_0000L);
  }

  @Test
  void mediateksLeavesHoldThreeMoreBitsOfTheAddress() {
    IoPgtable table =
        machine.table(IoPgtableFormat.ARM_V7S, config(34, 35, Quirk.NO_PERMS, Quirk.ARM_MTK_EXT));
    assertThat(table.mapPages(0x1000, 0x1_2345_6000L, 4096, 1, 3)).isEqualTo(4096);
    assertThat(table.mapPages(0x2000, 0x2_2345_6000L, 4096, 1, 3)).isEqualTo(4096);
    assertThat(table.mapPages(0x3000, 0x4_2345_6000L, 4096, 1, 3)).isEqualTo(4096);
    assertThat(table.mapPages(0x3_0000_0000L, 0x7_2300_0000L, 1 << 24, 1, 3)).isEqualTo(1 << 24);

    // nG, S, TEX 1, a page; then bits 9, 4 and 5.
    assertThat(lastEntry(table, 0x1000)).isEqualTo(0x2345_6c42L | 0x200);
    assertThat(lastEntry(table, 0x2000)).isEqualTo(0x2345_6c42L | 0x10);
    assertThat(lastEntry(table, 0x3000)).isEqualTo(0x2345_6c42L | 0x20);
    assertThat(lastEntry(table, 0x3_0000_0000L)).isEqualTo(0x2307_1002L | 0x230);
    assertThat(table.iovaToPhys(0x1008)).isEqualTo(0x1_2345_6008L);
    assertThat(table.iovaToPhys(0x2008)).isEqualTo(0x2_2345_6008L);
    assertThat(table.iovaToPhys(0x3008)).isEqualTo(0x4_2345_6008L);
    assertThat(table.iovaToPhys(0x3_00ff_ffffL)).isEqualTo(0x7_23ff_ffffL);
    assertThat(((PgtableRegisters.ShortDescriptor) table.registers()).ttbr())
        .isEqualTo((int) table.registers().base());
  }

  @Test
  void aTableAbove4GibFitsOnlyMediateksLongerRegister() {
    try (TableMachine high = new TableMachine(0x1_8000_0000L, 4L << 20)) {
      IoPgtableConfig mediatek = config(34, 35, Quirk.NO_PERMS, Quirk.ARM_MTK_EXT);
      ErrnoException e =
          assertThrows(
              ErrnoException.class, () -> high.tryTable(IoPgtableFormat.ARM_V7S, mediatek));
      assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
      assertThat(high.owner.pagesInUse()).isEqualTo(0);
      assertThat(high.dmesg.lines().get(0).text())
          .isEqualTo("Page table does not fit in PTE: 0x180000000");

      IoPgtable table = high.table(IoPgtableFormat.ARM_V7S, mediatek.with(Quirk.ARM_MTK_TTBR_EXT));
      assertThat(table.mapPages(0x1000, 0x8000_0000L, 4096, 1, 3)).isEqualTo(4096);
      assertThat(table.iovaToPhys(0x1008)).isEqualTo(0x8000_0008L);
      assertThat(((PgtableRegisters.ShortDescriptor) table.registers()).ttbr())
          .isEqualTo(0x8000_0001);
    }
  }

  @Test
  void aWalkNamesEachKindOfEntry() {
    IoPgtable table = machine.table(IoPgtableFormat.ARM_V7S, config(32, 32));
    assertThat(table.mapPages(0, 0x1000, 4096, 1, 1 | 8)).isEqualTo(4096);
    assertThat(table.mapPages(0x10000, 0x20000, 1 << 16, 1, 3 | 8)).isEqualTo(1 << 16);
    assertThat(table.mapPages(1 << 20, 0x30_0000, 1 << 20, 1, 3 | 4)).isEqualTo(1 << 20);
    assertThat(table.mapPages(1 << 24, 0x400_0000, 1 << 24, 1, 3 | 16)).isEqualTo(1 << 24);

    assertThat(meaning(table, 0)).isEqualTo("page 0x1000 r- noexec");
    assertThat(meaning(table, 0x1_1000)).isEqualTo("large page 0x20000 rw noexec");
    assertThat(meaning(table, 1 << 20)).isEqualTo("section 0x300000 rw cache");
    assertThat(meaning(table, 1 << 24)).isEqualTo("supersection 0x4000000 rw mmio");
    assertThat(meaning(table, 2 << 20)).isEqualTo("invalid");
    assertThat(table.explain(0x1_1008).toString()).isEqualTo("L1[0] L2[17] -> pa 0x21008");
  }

  @Test
  void oneCallGoesOnAcrossTables() {
    IoPgtable table = machine.table(IoPgtableFormat.ARM_V7S, config(32, 32));

    assertThat(table.mapPages(0xf_f000, 0, 4096, 3, 3)).isEqualTo(3 * 4096);
    assertThat(table.unmapPages(0xf_f000, 4096, 3, null)).isEqualTo(3 * 4096);
  }

  @Test
  void anAddressThatIsNoMultipleOfTheSizeIsRefused() {
    IoPgtable table = machine.table(IoPgtableFormat.ARM_V7S, config(32, 32));

    assertThat(table.mapPages(0xf_f000, 0, 1 << 16, 1, 3)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.mapPages(0, 0xf_f000, 1 << 16, 1, 3)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.unmapPages(0xf_f000, 1 << 16, 1, null)).isEqualTo(0);
  }

  private static void mapPageIn(IoPgtable table, long firstMib, long endMib) {
    for (long mib = firstMib; mib < endMib; mib++) {
      assertThat(table.mapPages(mib << 20, 0x8000_0000L, 4096, 1, 3)).isEqualTo(4096);
    }
  }

  private static void unmapTablesIn(IoPgtable table, long firstMib, long endMib) {
    long count = endMib - firstMib;
    assertThat(table.unmapPages(firstMib << 20, 1 << 20, count, null)).isEqualTo(count << 20);
  }

  private static long lastEntry(IoPgtable table, long iova) {
    return table.explain(iova).steps().getLast().bits();
  }

  private static String meaning(IoPgtable table, long iova) {
    return table.explain(iova).steps().getLast().meaning();
  }

  private static IoPgtableConfig config(int ias, int oas, Quirk... quirks) {
    return new IoPgtableConfig(
        Sets.immutableEnumSet(ImmutableSet.copyOf(quirks)), SIZES, ias, oas, true);
  }

  private void refused(IoPgtableConfig config) {
    ErrnoException e =
        assertThrows(ErrnoException.class, () -> machine.tryTable(IoPgtableFormat.ARM_V7S, config));
    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(machine.owner.pagesInUse()).isEqualTo(0);
  }
}
