package org.smmulator.report.exynos;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;

/** Samsung's tables, told entry by entry, before v5 and since. */
class SysmmuWalkTest {
  private static final long ROOT = 0x8000_0000L;
  private static final int TABLE = 0x8000_4000;
  private static final long IOVA = 0x2010_3abcL;
  private static final int FIRST = 0x201;
  private static final int SECOND = 3;

  private Dram dram;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(ROOT, 1 << 20)));
  }

  @AfterEach
  void close() {
    dram.close();
  }

  private String walk(boolean wide, int first, int second) {
    dram.putInt(ROOT + 4 * FIRST, first);
    dram.putInt(Integer.toUnsignedLong(TABLE) + 4 * SECOND, second);
    return SysmmuWalk.walk(dram, ROOT, wide, IOVA).toString();
  }

  @Test
  void anEntryOfTheOldFormatHoldsTheAddressAsItIs() {
    assertThat(walk(false, TABLE | 1, 0x9123_4000 | 2)).isEqualTo("L1[513] L2[3] -> pa 0x91234abc");
    assertThat(walk(false, TABLE | 1, 0x9120_0000 | 1)).isEqualTo("L1[513] L2[3] -> pa 0x91203abc");
    assertThat(walk(false, 0x9100_0000 | 2, 0)).isEqualTo("L1[513] -> pa 0x91003abc");
  }

  @Test
  void sinceVersion5AnEntryHoldsTheAddressWithoutItsLowestFourBits() {
    assertThat(walk(true, TABLE >>> 4 | 1, 0x0912_3400 | 0xe))
        .isEqualTo("L1[513] L2[3] -> pa 0x91234abc");
    assertThat(walk(true, 0xf910_0000 | 0x32, 0)).isEqualTo("L1[513] -> pa 0xf91003abc");
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    assertThat(walk(false, 0, 0)).isEqualTo("L1[513] -> nothing");
    assertThat(walk(false, TABLE | 1, 0)).isEqualTo("L1[513] L2[3] -> nothing");
    assertThat(SysmmuWalk.walk(dram, 0, true, IOVA).toString()).isEqualTo("L1[513] -> nothing");
  }
}
