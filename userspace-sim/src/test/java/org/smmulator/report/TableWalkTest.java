package org.smmulator.report;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;

/** A walk told entry by entry. */
class TableWalkTest {
  private static final long ROOT = 0x8000_0000L;
  private static final long TABLE = 3;
  private static final long PAGE = 0x8001_0000L;

  private Dram dram;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(ROOT, 1 << 20)));
    for (int level = 0; level < 3; level++) {
      dram.putLong(ROOT + 0x1000L * level + 8L * level, (ROOT + 0x1000L * (level + 1)) | TABLE);
    }
    dram.putLong(ROOT + 0x3000 + 8 * 16, PAGE | TABLE);
    dram.putInt(PAGE + 0x10, 0xcafe);
  }

  @AfterEach
  void close() {
    dram.close();
  }

  @Test
  void aPageIsFoundAtLevel3WithTheWordInIt() {
    long iova = 1L << 30 | 2L << 21 | 16 << 12 | 0x10;

    assertThat(TableWalk.walk(dram, ROOT, iova).show(dram))
        .isEqualTo("L0[0] L1[1] L2[2] L3[16] -> pa 0x80010010 = 0xcafe");
  }

  @Test
  void bitsOfTheUpperHalfTakeNoPart() {
    long iova = 0xffff_0000_0000_0000L | 1L << 30 | 2L << 21 | 16 << 12;

    assertThat(TableWalk.walk(dram, ROOT, iova).pa()).isEqualTo(PAGE);
  }

  @Test
  void aBlockEndsTheWalkAtItsLevel() {
    dram.putLong(ROOT + 0x1000 + 8 * 5, 0x8000_0000L | 1);

    assertThat(TableWalk.walk(dram, ROOT, 5L << 30 | 0x10010).show(dram))
        .isEqualTo("L0[0] L1[5] -> pa 0x80010010 = 0xcafe");
  }

  @Test
  void anEntryThatIsNotValidLeadsToNothing() {
    assertThat(TableWalk.walk(dram, ROOT, 0x1000).show(dram)).isEqualTo("L0[0] L1[0] -> nothing");
  }

  @Test
  void aTableOutsideTheMemoryLeadsToNothing() {
    dram.putLong(ROOT + 8, 0x4_0000_0000L | TABLE);

    assertThat(TableWalk.walk(dram, ROOT, 1L << 39).show(dram)).isEqualTo("L0[1] L1[0] -> nothing");
  }

  @Test
  void aPageOutsideTheMemoryHasNoWordToShow() {
    dram.putLong(ROOT + 0x3000, 0x4_0000_0000L | TABLE);

    assertThat(TableWalk.walk(dram, ROOT, 1L << 30 | 2L << 21).show(dram)).endsWith("-> nothing");
  }
}
