package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/**
 * The dwords of each packet. The headers are what {@code pm4_pkt7_hdr()} of the kernel's {@code
 * adreno_pm4} makes: type 7, odd parity of count and opcode.
 */
class Pm4StreamTest {
  @Test
  void aWriteHasItsAddressLowHalfFirst() {
    assertDwords(
        new Pm4Stream().memWrite(0x1_0000_0010L, 0xcafe, 0xbeef),
        0x703d0004,
        0x10,
        0x1,
        0xcafe,
        0xbeef);
  }

  @Test
  void aCopyNamesItsTargetFirst() {
    assertDwords(new Pm4Stream().memCopy(0x1000, 0x2000), 0x70738005, 0, 0x1000, 0, 0x2000, 0);
  }

  @Test
  void aWaitSaysHowToCompare() {
    assertDwords(new Pm4Stream().waitUntilEqual(0x1000, 7), 0x70bc8006, 0x13, 0x1000, 0, 7, -1, 16);
    assertDwords(
        new Pm4Stream().waitUntilAtLeast(0x1000, 7), 0x70bc8006, 0x15, 0x1000, 0, 7, -1, 16);
  }

  @Test
  void nopSkipsAndRawIsItself() {
    assertDwords(new Pm4Stream().nop(2).raw(5, 6), 0x70100002, 0, 0, 5, 6);
  }

  @Test
  void aPacketHas14BitsForItsLength() {
    assertThat(new Pm4Stream().nop(0x3fff).dwords().length()).isEqualTo(0x4000);
    assertThrows(IllegalArgumentException.class, () -> new Pm4Stream().nop(0x4000));
  }

  private static void assertDwords(Pm4Stream stream, int... expected) {
    assertThat(stream.dwords()).isEqualTo(ImmutableIntArray.copyOf(expected));
  }

  @Test
  void aWriteOfMoreThanAPacketHoldsIsSeveral() {
    int[] values = new int[16_382];
    Arrays.setAll(values, i -> i);

    var dwords = new Pm4Stream().memWrite(0x1_0000_0000L, values).dwords();

    assertThat(dwords.length()).isEqualTo(3 + 16_381 + 3 + 1);
    assertThat(dwords.get(0)).isEqualTo(Pm4.packet(Pm4Opcode.MEM_WRITE, 16_383));
    assertThat(dwords.get(3 + 16_380)).isEqualTo(16_380);
    assertThat(dwords.subArray(3 + 16_381, dwords.length()).asList())
        .containsExactly(Pm4.packet(Pm4Opcode.MEM_WRITE, 3), 4 * 16_381, 1, 16_381)
        .inOrder();
  }
}
