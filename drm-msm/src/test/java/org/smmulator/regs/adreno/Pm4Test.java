package org.smmulator.regs.adreno;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;

/** Packet headers against those that a real driver and a real SC7180's ring carry. */
class Pm4Test {
  @Test
  void headersAreTheDwordsThatTheKernelMakes() {
    ImmutableMap<Integer, Integer> expectedToMade =
        ImmutableMap.<Integer, Integer>builder()
            .put(0x70108000, Pm4.packet(Pm4Opcode.NOP, 0))
            .put(0x70100001, Pm4.packet(Pm4Opcode.NOP, 1))
            .put(0x70d30004, Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4))
            .put(0x703d0004, Pm4.packet(Pm4Opcode.MEM_WRITE, 4))
            .put(0x703d8005, Pm4.packet(Pm4Opcode.MEM_WRITE, 5))
            .put(0x70460001, Pm4.packet(Pm4Opcode.EVENT_WRITE, 1))
            .put(0x70460004, Pm4.packet(Pm4Opcode.EVENT_WRITE, 4))
            .put(0x70bf8003, Pm4.packet(Pm4Opcode.INDIRECT_BUFFER, 3))
            .put(0x70df0001, Pm4.packet(Pm4Opcode.SET_PROTECTED_MODE, 1))
            .put(0x70bc8006, Pm4.packet(Pm4Opcode.WAIT_REG_MEM, 6))
            .put(0x703e8003, Pm4.packet(Pm4Opcode.REG_TO_MEM, 3))
            .put(0x70620002, Pm4.packet(Pm4Opcode.WHERE_AM_I, 2))
            .put(0x70c80008, Pm4.packet(Pm4Opcode.ME_INIT, 8))
            .put(0x70268000, Pm4.packet(Pm4Opcode.WAIT_FOR_IDLE, 0))
            .put(0x48088501, Pm4.writeRegisters(0x885, 1))
            .put(0x40050e01, Pm4.writeRegisters(A6xx.index(A6xx.RBBM_PERFCTR_SRAM_INIT_CMD), 1))
            .buildOrThrow();

    expectedToMade.forEach((expected, made) -> assertThat(made).isEqualTo(expected));
  }

  @Test
  void headersAreTakenApartAsTheyWerePutTogether() {
    assertThat(Pm4.type(0x70bc8006)).isEqualTo(Pm4.TYPE7);
    assertThat(Pm4.opcode(0x70bc8006)).isEqualTo(0x3c);
    assertThat(Pm4.count(0x70bc8006)).isEqualTo(6);
    assertThat(Pm4.type(0x48088501)).isEqualTo(Pm4.TYPE4);
    assertThat(Pm4.register(0x48088501)).isEqualTo(0x885);
    assertThat(Pm4.count(0x48088501)).isEqualTo(1);
  }

  @Test
  void aDwordWithOneWrongBitIsNoHeader() {
    for (int header : new int[] {0x70bc8006, 0x70d30004, 0x48088501}) {
      assertThat(Pm4.isValid(header)).isTrue();
      for (int bit = 0; bit < 32; bit++) {
        assertThat(Pm4.isValid(header ^ 1 << bit)).isFalse();
      }
    }
    assertThat(Pm4.isValid(0)).isFalse();
    assertThat(Pm4.isValid(0x80000000)).isFalse();
  }

  @Test
  void registersLieWhereTheDatabasePutsThem() {
    assertThat(A6xx.CP_RB_BASE.offset()).isEqualTo(0x800 * 4);
    assertThat(A6xx.CP_RB_WPTR.offset()).isEqualTo(0x807 * 4);
    assertThat(A6xx.RBBM_INT_0_STATUS.offset()).isEqualTo(0x201 * 4);
    assertThat(A6xx.CP_SCRATCH.offset(2)).isEqualTo(0x885 * 4);
    assertThat(A6xx.INT_CACHE_FLUSH_TS.mask()).isEqualTo(1 << 20);
    assertThat(A6xx.INT_CP_HW_ERROR.mask()).isEqualTo(1 << 9);
  }
}
