package org.smmulator.hw.dram;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes by physical address, in banks. */
class DramTest {
  private static final long GIB = 1L << 30;

  private Dram dram;

  @BeforeEach
  void twoBanksWithAHoleBetween() throws Exception {
    dram =
        new Dram(
            ImmutableList.of(new DramBank(0x8000_0000L, GIB), new DramBank(0x1_0000_0000L, GIB)));
  }

  @AfterEach
  void close() {
    dram.close();
  }

  @Test
  void memoryIsZeroAtFirstAndLittleEndian() {
    assertThat(dram.getLong(0x8000_0000L)).isEqualTo(0);

    dram.putLong(0x8000_0010L, 0x1122_3344_5566_7788L);

    assertThat(dram.getByte(0x8000_0010L)).isEqualTo((byte) 0x88);
    assertThat(dram.getInt(0x8000_0014L)).isEqualTo(0x1122_3344);
    assertThat(dram.getShort(0x8000_0013L)).isEqualTo((short) 0x4455);
  }

  @Test
  void theSecondBankIsMemoryOfItsOwn() {
    dram.putInt(0x1_0000_0000L, 0xcafe);

    assertThat(dram.getInt(0x1_0000_0000L)).isEqualTo(0xcafe);
    assertThat(dram.getInt(0x8000_0000L)).isEqualTo(0);
  }

  @Test
  void aHoleIsABusErrorAndIsNotCovered() {
    assertThat(dram.covers(0xbfff_fffcL, 4)).isTrue();
    assertThat(dram.covers(0xbfff_fffcL, 8)).isFalse();
    assertThat(dram.covers(0xc000_0000L, 1)).isFalse();
    assertThrows(BusError.class, () -> dram.getInt(0xc000_0000L));
    assertThrows(BusError.class, () -> dram.zero(0xbfff_f000L, 8192));
  }

  @Test
  void aRunOfLongsIsFilledByStepsAndNothingAroundIt() {
    for (int count : new int[] {0, 1, 2, 511, 512}) {
      dram.zero(0x8000_0000L, 8192);

      dram.fillLongs(0x8000_0008L, count, 0x7000_0f47L, 0x1000);

      for (int i = 0; i < count; i++) {
        assertThat(dram.getLong(0x8000_0008L + 8L * i)).isEqualTo(0x7000_0f47L + 0x1000L * i);
      }
      assertThat(dram.getLong(0x8000_0000L)).isEqualTo(0);
      assertThat(dram.getLong(0x8000_0008L + 8L * count)).isEqualTo(0);
    }
  }

  @Test
  void aRunOfLongsIsCountedUpToTheFirstThatDiffers() {
    dram.fillLongs(0x8000_0000L, 100, 3, 0x1000);
    dram.putLong(0x8000_0000L + 8 * 60, 0x1001);

    assertThat(dram.countLongs(0x8000_0000L, 100, 3, 3)).isEqualTo(60);
    assertThat(dram.countLongs(0x8000_0000L, 50, 3, 3)).isEqualTo(50);
    assertThat(dram.countLongs(0x8000_0000L, 1, 3, 3)).isEqualTo(1);
    assertThat(dram.countLongs(0x8000_0000L + 8 * 60, 1, 3, 3)).isEqualTo(0);
    assertThat(dram.countLongs(0x8000_0000L, 0, 3, 3)).isEqualTo(0);
  }

  @Test
  void copiesGoBothWays() {
    byte[] text = "iova".getBytes(StandardCharsets.UTF_8);
    dram.copyIn(0x8000_1000L, MemorySegment.ofArray(text), 0, text.length);

    byte[] back = new byte[4];
    dram.copyOut(0x8000_1000L, MemorySegment.ofArray(back), 0, back.length);

    assertThat(back).isEqualTo(text);
  }

  @Test
  void aMachineOfManyGibibytesCostsNothingUntilTouched() throws Exception {
    try (Dram big = new Dram(ImmutableList.of(new DramBank(0, 8 * GIB)))) {
      big.putInt(8 * GIB - 4, 1);
      assertThat(big.getInt(8 * GIB - 4)).isEqualTo(1);
    }
  }
}
