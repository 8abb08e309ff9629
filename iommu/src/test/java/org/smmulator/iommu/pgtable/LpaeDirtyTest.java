package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_32_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S2;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which pages a device has written, as the table remembers it. */
class LpaeDirtyTest {
  private static final int EINVAL = 22;
  private static final long PAGE = 0x1000;
  private static final long BLOCK = 0x20_0000;

  /** Arm ARM D8.3: AP[2] of a leaf, which hardware takes away when it marks the leaf written. */
  private static final long READ_ONLY = 1L << 7;

  private final TableMachine machine = new TableMachine(8L << 20);
  private final List<String> found = new ArrayList<>();

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void writtenLeavesAreReportedOnceAndAreCleanThen() {
    IoPgtable table = tracking();
    assertThat(table.mapPages(0, 0x4000_0000L, PAGE, 3, READ | WRITE)).isEqualTo(3 * PAGE);
    assertThat(read(table, 0, 3 * PAGE, true)).isEqualTo(0);
    found.clear();

    assertThat(read(table, 0, 3 * PAGE, true)).isEqualTo(0);
    assertThat(found).isEmpty();
    hardwareMarks(table, PAGE);
    assertThat(read(table, 0, 3 * PAGE, false)).isEqualTo(0);
    assertThat(read(table, 0, 3 * PAGE, true)).isEqualTo(0);
    assertThat(read(table, 0, 3 * PAGE, true)).isEqualTo(0);

    assertThat(found).containsExactly("0x1000+0x1000", "0x1000+0x1000");
  }

  @Test
  void aBlockIsWrittenAsAWholeAndReadOnlyLeavesNever() {
    IoPgtable table = tracking();
    assertThat(table.mapPages(BLOCK, 0x4000_0000L, BLOCK, 1, READ | WRITE)).isEqualTo(BLOCK);
    assertThat(table.mapPages(2 * BLOCK, 0x4000_0000L, PAGE, 1, READ)).isEqualTo(PAGE);

    assertThat(read(table, BLOCK + PAGE, BLOCK, true)).isEqualTo(0);

    assertThat(found).containsExactly("0x200000+0x200000");
  }

  @Test
  void aHoleEndsItAfterWhatCameBefore() {
    IoPgtable table = tracking();
    assertThat(table.mapPages(0, 0x4000_0000L, PAGE, 1, READ | WRITE)).isEqualTo(PAGE);

    assertThat(read(table, 0, 2 * PAGE, true)).isEqualTo(EINVAL);
    assertThat(found).containsExactly("0x0+0x1000");
  }

  @Test
  void nothingOutsideAndNoRangeWithoutASize() {
    IoPgtable table = tracking();
    assertThat(read(table, 0, 0, true)).isEqualTo(EINVAL);
    assertThat(read(table, 1L << 39, PAGE, true)).isEqualTo(EINVAL);
    assertThat(read(table, (1L << 39) - PAGE, 2 * PAGE, true)).isEqualTo(EINVAL);
  }

  @Test
  void theSecondStageDoesNotRemember() {
    IoPgtable table =
        machine.table(ARM_64_LPAE_S2, new IoPgtableConfig(ImmutableSet.of(), PAGE, 39, 40, true));
    assertThat(read(table, 0, PAGE, true)).isEqualTo(EINVAL);
  }

  @Test
  void neitherDoes32BitStage1() {
    IoPgtable table =
        machine.table(ARM_32_LPAE_S1, new IoPgtableConfig(ImmutableSet.of(), PAGE, 32, 40, true));
    assertThat(table.mapPages(0, 0x4000_0000L, PAGE, 1, READ | WRITE)).isEqualTo(PAGE);

    assertThat(read(table, 0, PAGE, true)).isEqualTo(EINVAL);
  }

  private IoPgtable tracking() {
    return machine.table(
        ARM_64_LPAE_S1,
        new IoPgtableConfig(ImmutableSet.of(Quirk.ARM_HD), PAGE | BLOCK, 39, 40, true));
  }

  private int read(IoPgtable table, long iova, long sizeBytes, boolean clear) {
    return table.readAndClearDirty(
        iova, sizeBytes, clear, (at, bytes) -> found.add("0x%x+0x%x".formatted(at, bytes)));
  }

  /** What a walker with hardware management of the dirty state does at a write. */
  private void hardwareMarks(IoPgtable table, long iova) {
    PgtableWalk walk = table.explain(iova);
    PgtableWalk.Step above = walk.steps().get(walk.steps().size() - 2);
    PgtableWalk.Step leaf = walk.steps().getLast();
    long entryPa = (above.bits() & 0xffff_ffff_f000L) + 8L * leaf.index().value();
    assertThat(leaf.bits() & READ_ONLY).isEqualTo(READ_ONLY);
    machine.dram.putLong(entryPa, leaf.bits() & ~READ_ONLY);
  }
}
