package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.regs.adreno.A5xx;

/** CP_PROTECT of A3xx and A5xx: ranges of a power of two, each with what it traps. */
final class TrapRanges {
  private TrapRanges() {}

  /** Returns whether one of {@code ranges} traps an access to {@code register}. */
  static boolean trap(RegisterFile file, Reg32 ranges, int register, boolean load) {
    for (int i = 0; i < ranges.count(); i++) {
      int range = file.get(ranges, i);
      boolean traps =
          load ? A5xx.PROTECT_TRAP_READ.isSet(range) : A5xx.PROTECT_TRAP_WRITE.isSet(range);
      int first = A5xx.PROTECT_BASE.get(range) >>> 2;
      int beyondFirst = register - first;
      if (traps && beyondFirst >= 0 && beyondFirst >>> A5xx.PROTECT_MASK_LEN.get(range) == 0) {
        return true;
      }
    }
    return false;
  }
}
