package org.smmulator.hw.adreno;

import org.smmulator.regs.adreno.Pm4Opcode;

/** The packets that silicon knows and whose effect is not modelled: they cost time only. */
final class AcceptedPackets {
  private AcceptedPackets() {}

  static boolean contains(int opcode) {
    return switch (opcode) {
      // Packets are carried out one after another, so there is nothing to wait for.
      case Pm4Opcode.WAIT_FOR_IDLE, Pm4Opcode.WAIT_FOR_ME, Pm4Opcode.WAIT_MEM_WRITES -> true;

      case Pm4Opcode.ME_INIT,
          Pm4Opcode.THREAD_CONTROL,
          Pm4Opcode.PREEMPT_ENABLE,
          Pm4Opcode.PREEMPT_TOKEN,
          Pm4Opcode.CONTEXT_SWITCH_YIELD,
          Pm4Opcode.RESET_CONTEXT_STATE,
          Pm4Opcode.SET_PSEUDO_REG,
          Pm4Opcode.SET_AMBLE,
          Pm4Opcode.SET_MODE,
          Pm4Opcode.SET_MARKER,
          Pm4Opcode.SET_SECURE_MODE ->
          true;

      case Pm4Opcode.BLIT,
          Pm4Opcode.RUN_OPENCL,
          Pm4Opcode.EXEC_CS,
          Pm4Opcode.LOAD_STATE6,
          Pm4Opcode.DRAW_INDX_OFFSET,
          Pm4Opcode.SET_DRAW_STATE ->
          true;

      case Pm4Opcode.COND_REG_EXEC,
          Pm4Opcode.WAIT_REG_EQ,
          Pm4Opcode.WAIT_TWO_REGS,
          Pm4Opcode.TEST_TWO_MEMS,
          Pm4Opcode.REG_WRITE ->
          true;

      default -> false;
    };
  }
}
