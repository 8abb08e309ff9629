package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.ImmutableIntArray;
import org.junit.jupiter.api.Test;

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
}
