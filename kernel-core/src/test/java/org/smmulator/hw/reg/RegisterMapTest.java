package org.smmulator.hw.reg;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** A register map refuses what a manual could not mean. */
class RegisterMapTest {
  private final RegisterMap map = new RegisterMap("SMMU");

  @Test
  void aFieldIsShiftedDownWhenReadAndUpWhenMade() {
    Field idx = map.reg32("CBAR", 0x0).bits("IRPTNDX", 31, 24);

    assertThat(idx.get(0xab00_1234)).isEqualTo(0xab);
    assertThat(idx.of(0xab)).isEqualTo(0xab00_0000);
    assertThat(idx.with(0x1100_1234, 0xab)).isEqualTo(0xab00_1234);
  }

  @Test
  void aValueThatDoesNotFitItsFieldIsRefused() {
    Field type = map.reg32("S2CR", 0xc00).bits("TYPE", 17, 16);

    assertThrows(IllegalArgumentException.class, () -> type.of(4));
  }

  @Test
  void overlappingFieldsAreRefused() {
    Reg32 cr = map.reg32("CR0", 0x0);
    cr.bits("BSU", 15, 14);

    assertThrows(IllegalArgumentException.class, () -> cr.bit("FB", 14));
  }

  @Test
  void overlappingRegistersAreRefusedAlsoInsideAnArray() {
    map.array32("SMR", 0x800, 4, 128);

    assertThrows(IllegalArgumentException.class, () -> map.reg64("X", 0x9fc));
    assertThat(map.reg32("S2CR", 0xa00).offset()).isEqualTo(0xa00);
  }

  @Test
  void anArrayHasNoRegisterBeyondItsCount() {
    Reg32 smr = map.array32("SMR", 0x800, 4, 128);

    assertThat(smr.offset(127)).isEqualTo(0x9fc);
    assertThrows(IndexOutOfBoundsException.class, () -> smr.offset(128));
  }
}
