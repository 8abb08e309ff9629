package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_32_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_32_LPAE_S2;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S2;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Which tables can be made, and what they look like: the kernel's formulas, worked out. */
class LpaeFormatTest {
  private static final long ALL_SIZES =
      1L << 12 | 1L << 14 | 1L << 16 | 1L << 21 | 1L << 25 | 1L << 29 | 1L << 30 | 1L << 42;

  private final TableMachine machine = new TableMachine(16L << 20);

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "12, 32, 1, 4", "12, 36, 1, 64", "12, 39, 1, 512", "12, 40, 0, 2", "12, 42, 0, 8",
    "12, 44, 0, 32", "12, 48, 0, 512", "14, 32, 2, 128", "14, 36, 2, 2048", "14, 40, 1, 16",
    "14, 42, 1, 64", "14, 44, 1, 256", "14, 48, 0, 2", "16, 32, 2, 8", "16, 36, 2, 128",
    "16, 40, 2, 2048", "16, 42, 2, 8192", "16, 44, 1, 4", "16, 48, 1, 64", "16, 52, 1, 1024",
  })
  void aStage1RootHasThisLevelAndThisManyEntries(
      int granuleShift, int ias, int startLevel, int entries) {
    LpaeGeometry geometry = LpaeGeometry.stage1(granuleShift, ias);

    assertThat(geometry.startLevel()).isEqualTo(startLevel);
    assertThat(geometry.entries(startLevel)).isEqualTo(entries);
  }

  @ParameterizedTest
  @CsvSource({
    "12, 40, 40, 1, 8192", "12, 40, 42, 1, 8192", "12, 42, 42, 1, 32768",
    "14, 40, 40, 2, 262144", "14, 48, 48, 1, 32768", "12, 40, 44, 0, 16",
  })
  void aStage2RootIsConcatenatedOnlyWhereItMustBe(
      int granuleShift, int ias, int oas, int startLevel, int rootBytes) throws ErrnoException {
    LpaeGeometry geometry = LpaeGeometry.stage2(granuleShift, ias, oas);

    assertThat(geometry.startLevel()).isEqualTo(startLevel);
    assertThat(geometry.entries(startLevel) * 8).isEqualTo(rootBytes);
  }

  @Test
  void moreThan16TablesSideBySideAreRefused() {
    refused(ARM_64_LPAE_S2, config(1L << 12, 48, 40));
  }

  @ParameterizedTest
  @CsvSource({
    "0x40062215000, 0x40201000, 48", // everything: the CPU's page size wins
    "0x40022014000, 0x2004000, 48", // 16K and 64K: the smallest of the larger
    "0x40020010000, 0x40020010000, 52", // 64K, and so a leaf of 4T and addresses of 52 bits
    "0x20010800, 0, 0", // 2K would be the granule, and is none
    "0x200000, 0, 0", // no granule
  })
  void sizesAreNarrowedToOneGranules(long asked, long got, int addressBits) throws ErrnoException {
    IoPgtableConfig config = config(asked, 52, 52);
    if (got == 0) {
      refused(ARM_64_LPAE_S1, config);
      return;
    }
    IoPgtableConfig made = machine.tryTable(ARM_64_LPAE_S1, config).config();

    assertThat(made.pgsizeBitmap()).isEqualTo(got);
    assertThat(made.ias()).isEqualTo(addressBits);
    assertThat(made.oas()).isEqualTo(addressBits);
  }

  @Test
  void aLeafOf4TiBNeedsMoreThan48BitsOut() throws ErrnoException {
    long sizes = 1L << 16 | 1L << 29 | 1L << 42;

    assertThat(machine.tryTable(ARM_64_LPAE_S1, config(sizes, 48, 48)).config().pgsizeBitmap())
        .isEqualTo(1L << 16 | 1L << 29);
  }

  @Test
  void physicalAddressesHaveOneOfSevenSizes() {
    refused(ARM_64_LPAE_S1, config(1L << 12, 48, 39));
    refused(ARM_64_LPAE_S1, config(1L << 16, 48, 50));
  }

  @Test
  void aQuirkOfTheOtherStageIsRefused() {
    IoPgtableConfig config = config(ALL_SIZES, 48, 48);

    refused(ARM_64_LPAE_S1, config.with(Quirk.ARM_S2FWB));
    refused(ARM_64_LPAE_S2, config.with(Quirk.ARM_TTBR1));
    refused(ARM_64_LPAE_S2, config.with(Quirk.ARM_NS));
    refused(ARM_64_LPAE_S1, config.with(Quirk.ARM_OUTER_WBWA));
  }

  @Test
  void the32BitVariantsHaveFewerBitsAndOneGranule() throws ErrnoException {
    refused(ARM_32_LPAE_S1, config(1L << 12, 33, 40));
    refused(ARM_32_LPAE_S1, config(1L << 12, 32, 42));
    refused(ARM_32_LPAE_S2, config(1L << 12, 41, 40));
    refused(ARM_32_LPAE_S1, config(1L << 16, 32, 40));

    assertThat(machine.tryTable(ARM_32_LPAE_S2, config(ALL_SIZES, 40, 40)).config().pgsizeBitmap())
        .isEqualTo(0x40201000L);
  }

  @Test
  void aTableForTtbr1TakesTheUpperHalfOnly() {
    IoPgtable table =
        machine.table(ARM_64_LPAE_S1, config(ALL_SIZES, 48, 48).with(Quirk.ARM_TTBR1));
    long iova = 0xffff_0000_0000_1000L;

    assertThat(table.mapPages(iova, 0x8000_0000L, 4096, 1, 3)).isEqualTo(4096);
    assertThat(table.mapPages(0x1000, 0x8000_0000L, 4096, 1, 3)).isEqualTo(Errno.ERANGE.number());

    assertThat(table.iovaToPhys(iova + 4)).isEqualTo(0x8000_0004L);
    assertThat(table.iovaToPhys(0x1004)).isEqualTo(0);
    assertThat(table.explain(iova).toString())
        .isEqualTo("L0[0] L1[0] L2[0] L3[1] -> pa 0x80000000");
  }

  @Test
  void quirksShowInTheEntries() {
    IoPgtableConfig config =
        new IoPgtableConfig(
            Sets.immutableEnumSet(Quirk.ARM_NS, Quirk.ARM_HD), 1L << 12, 36, 40, false);
    IoPgtable table = machine.table(ARM_64_LPAE_S1, config);
    assertThat(table.mapPages(0, 0x1234_5000L, 4096, 1, 3)).isEqualTo(4096);

    PgtableWalk walk = table.explain(0);

    assertWithMessage("a table: NSTable, synced to a walker that is not coherent")
        .that(walk.steps().get(0).bits() & 0xff80_0000_0000_0fffL)
        .isEqualTo(0x8080_0000_0000_0003L);
    assertWithMessage("a leaf: NS, DBM")
        .that(walk.steps().get(2).bits())
        .isEqualTo(0x0008_0000_1234_5e63L);
  }

  @Test
  void forcedWriteBackIsStage2sOwnMemoryType() {
    IoPgtable table = machine.table(ARM_64_LPAE_S2, config(1L << 12, 36, 40).with(Quirk.ARM_S2FWB));
    assertThat(table.mapPages(0, 0x1234_5000L, 4096, 1, 7)).isEqualTo(4096);

    assertThat(table.explain(0).steps().get(2).bits()).isEqualTo(0x1234_57dbL);
  }

  private static IoPgtableConfig config(long pgsizeBitmap, int ias, int oas) {
    return new IoPgtableConfig(ImmutableSet.of(), pgsizeBitmap, ias, oas, true);
  }

  private void refused(IoPgtableFormat format, IoPgtableConfig config) {
    ErrnoException e = assertThrows(ErrnoException.class, () -> machine.tryTable(format, config));
    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(machine.owner.pagesInUse()).isEqualTo(0);
  }
}
