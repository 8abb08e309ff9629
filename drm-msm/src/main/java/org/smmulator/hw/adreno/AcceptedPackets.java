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
          Pm4Opcode.PREEMPT_ENABLE_GLOBAL,
          Pm4Opcode.PREEMPT_ENABLE_LOCAL,
          Pm4Opcode.CONTEXT_SWITCH_YIELD,
          Pm4Opcode.SET_RENDER_MODE,
          Pm4Opcode.RESET_CONTEXT_STATE,
          Pm4Opcode.SET_PSEUDO_REG,
          Pm4Opcode.SET_AMBLE,
          Pm4Opcode.SET_MODE,
          Pm4Opcode.SET_SECURE_MODE ->
          true;

      case Pm4Opcode.LOAD_STATE,
          Pm4Opcode.LOAD_STATE6,
          Pm4Opcode.LOAD_STATE6_GEOM,
          Pm4Opcode.LOAD_STATE6_FRAG,
          Pm4Opcode.SET_BIN_DATA5,
          Pm4Opcode.SET_SUBDRAW_SIZE,
          Pm4Opcode.SET_VISIBILITY_OVERRIDE,
          Pm4Opcode.SKIP_IB2_ENABLE_GLOBAL,
          Pm4Opcode.SKIP_IB2_ENABLE_LOCAL,
          Pm4Opcode.DRAW_PRED_ENABLE_GLOBAL,
          Pm4Opcode.DRAW_PRED_ENABLE_LOCAL,
          Pm4Opcode.DRAW_PRED_SET,
          Pm4Opcode.TEST_TWO_MEMS ->
          true;

      default -> false;
    };
  }

  /** The same of an A3xx. */
  static boolean containsOfA3xx(int opcode) {
    return switch (opcode) {
      case Pm4Opcode.WAIT_FOR_IDLE,
          Pm4Opcode.WAIT_FOR_ME,
          Pm4Opcode.WAIT_MEM_WRITES,
          Pm4Opcode.WAIT_UNTIL_READ,
          Pm4Opcode.WAIT_IB_PFD_COMPLETE ->
          true;

      case Pm4Opcode.ME_INIT,
          Pm4Opcode.INVALIDATE_STATE,
          Pm4Opcode.CONTEXT_UPDATE,
          Pm4Opcode.SET_DRAW_INIT_FLAGS,
          Pm4Opcode.SET_STATE,
          Pm4Opcode.SET_CONSTANT,
          Pm4Opcode.LOAD_STATE ->
          true;

      default -> false;
    };
  }
}
