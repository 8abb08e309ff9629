package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import org.smmulator.regs.adreno.A6xx;

/**
 * The registers that a client's packets may not touch. Kernel: the ranges of {@code a630_protect}
 * that cover registers of the model.
 */
final class A6xxProtect {
  /**
   * A range of registers.
   *
   * @param first in dwords
   * @param more how many follow the first
   * @param reads whether loads are refused too
   */
  record Range(int first, int more, boolean reads) {
    int encoded() {
      return A6xx.PROTECT_BASE_ADDR.of(first)
          | A6xx.PROTECT_MASK_LEN.of(more)
          | A6xx.PROTECT_READ.of(reads ? 1 : 0);
    }
  }

  static final ImmutableList<Range> RANGES =
      ImmutableList.of(
          new Range(0x00000, 0x04ff, false),
          new Range(0x00501, 0x0005, false),
          new Range(0x0050b, 0x02f4, false),
          new Range(0x0050e, 0x0000, true),
          new Range(0x00510, 0x0000, true),
          new Range(0x00534, 0x0000, true),
          new Range(0x00800, 0x0082, true),
          new Range(0x008a0, 0x0008, true),
          new Range(0x008ab, 0x0024, true),
          new Range(0x00900, 0x004d, true),
          new Range(0x0098d, 0x0272, true),
          new Range(0x00e00, 0x0001, true),
          new Range(0x00e03, 0x000c, true));

  private A6xxProtect() {}
}
