package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.PRIV;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries bit by bit: numbers worked out by hand from the architecture and the kernel's rules. */
class LpaeDescriptorTest {
  private static final LpaeGeometry GEOMETRY = LpaeGeometry.stage1(12, 48);
  private static final IoPgtableConfig WITHOUT_QUIRKS =
      new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 48, true);
  private static final LpaeAttributes STAGE_1 =
      new LpaeAttributes(IoPgtableFormat.ARM_64_LPAE_S1, WITHOUT_QUIRKS);
  private static final LpaeAttributes STAGE_2 =
      new LpaeAttributes(IoPgtableFormat.ARM_64_LPAE_S2, WITHOUT_QUIRKS);
  private static final long PAGE_PA = 0x1234_5000L;
  private static final long BLOCK_PA = 0x4000_0000L;

  @ParameterizedTest
  @CsvSource({
    "3,  0x0000000012345e43, 0x0000000040000e41, 0x00000000123456d7", // read, write
    "1,  0x0000000012345ec3, 0x0000000040000ec1, 0x0000000012345657", // read
    "2,  0x0000000012345e43, 0x0000000040000e41, 0x0000000012345697", // write
    "7,  0x0000000012345f47, 0x0000000040000f45, 0x00000000123457ff", // read, write, cache
    "15, 0x0060000012345f47, 0x0060000040000f45, 0x00600000123457ff", // the same and noexec
    "33, 0x0000000012345e83, 0x0000000040000e81, 0x0000000012345657", // read, priv
    "27, 0x0060000012345e4b, 0x0060000040000e49, 0x00600000123456c7", // rw, mmio, noexec
  })
  void protectionBecomesTheseBits(int prot, long stage1Page, long stage1Block, long stage2Page) {
    var page = new LpaeDescriptor.Leaf(3, PAGE_PA, prot);
    var block = new LpaeDescriptor.Leaf(1, BLOCK_PA, prot);

    assertThat(page.encode(GEOMETRY, STAGE_1)).isEqualTo(stage1Page);
    assertThat(block.encode(GEOMETRY, STAGE_1)).isEqualTo(stage1Block);
    assertThat(page.encode(GEOMETRY, STAGE_2)).isEqualTo(stage2Page);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0000000012345ec3, r-",
    "0x0060000012345f47, rw cache noexec",
    "0x0000000012345e83, r- priv",
    "0x0060000012345e4b, rw noexec mmio",
  })
  void aStage1PageTellsWhatItAllows(long bits, String words) {
    assertThat(LpaeDescriptor.decode(bits, 3, GEOMETRY, STAGE_1).toString())
        .isEqualTo("page 0x12345000 " + words);
  }

  @Test
  void stage1CannotSayWriteOnlyAndStage2Can() {
    assertThat(LpaeDescriptor.decode(0x12345e43L, 3, GEOMETRY, STAGE_1))
        .isEqualTo(new LpaeDescriptor.Leaf(3, PAGE_PA, READ | WRITE));
    assertThat(LpaeDescriptor.decode(0x12345697L, 3, GEOMETRY, STAGE_2).toString())
        .isEqualTo("page 0x12345000 -w");
  }

  @Test
  void theLowTwoBitsMeanOtherThingsAtTheLastLevel() {
    assertThat(LpaeDescriptor.decode(0x12345003L, 2, GEOMETRY, STAGE_1))
        .isEqualTo(new LpaeDescriptor.Table(PAGE_PA));
    assertThat(LpaeDescriptor.decode(0x12345003L, 3, GEOMETRY, STAGE_1))
        .isInstanceOf(LpaeDescriptor.Leaf.class);
    assertThat(LpaeDescriptor.decode(0x12345001L, 3, GEOMETRY, STAGE_1))
        .isEqualTo(new LpaeDescriptor.Invalid());
    assertThat(LpaeDescriptor.decode(0x12345000L, 1, GEOMETRY, STAGE_1))
        .isEqualTo(new LpaeDescriptor.Invalid());
  }

  @Test
  void everyLeafThatATableCanWriteIsReadBackAsItself() {
    for (LpaeAttributes stage : new LpaeAttributes[] {STAGE_1, STAGE_2}) {
      for (int prot = 0; prot <= (READ | WRITE | CACHE | NOEXEC | MMIO | PRIV); prot++) {
        var leaf = new LpaeDescriptor.Leaf(3, PAGE_PA, prot);
        long bits = leaf.encode(GEOMETRY, stage);
        var read = LpaeDescriptor.decode(bits, 3, GEOMETRY, stage);

        // What a stage cannot express it rounds up, once: MMIO hides CACHE but for shareability.
        if ((prot & MMIO) == 0) {
          assertThat(read.encode(GEOMETRY, stage)).isEqualTo(bits);
        }
      }
    }
  }

  @Test
  void theLargestGranuleKeepsTheHighBitsOfAnAddressBelowTheLowOnes() {
    LpaeGeometry geometry = LpaeGeometry.stage1(16, 52);
    long pa = 0xa_1234_5678_0000L;

    long bits = new LpaeDescriptor.Table(pa).encode(geometry, STAGE_1);

    assertThat(bits).isEqualTo(0x0000_1234_5678_a003L);
    assertThat(LpaeDescriptor.decode(bits, 1, geometry, STAGE_1))
        .isEqualTo(new LpaeDescriptor.Table(pa));
  }

  @Test
  void aWalkReadsAsAPath() {
    try (TableMachine machine = new TableMachine(1L << 20)) {
      IoPgtable table =
          machine.table(
              IoPgtableFormat.ARM_64_LPAE_S1,
              new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 40, true));
      assertThat(table.mapPages(0x1_0001_0000L, 0x9100_0000L, 4096, 1, READ | WRITE))
          .isEqualTo(4096);

      PgtableWalk walk = table.explain(0x1_0001_0010L);

      assertThat(walk.toString()).isEqualTo("L0[0] L1[4] L2[0] L3[16] -> pa 0x91000010");
      assertThat(walk.steps().get(3).meaning()).isEqualTo("page 0x91000000 rw");
      assertThat(table.explain(0x2_0000_0000L).toString()).isEqualTo("L0[0] L1[8] -> nothing");
    }
  }
}
