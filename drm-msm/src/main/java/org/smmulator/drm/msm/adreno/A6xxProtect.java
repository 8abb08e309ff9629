package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import org.smmulator.regs.adreno.A6xx;

/**
 * The registers that a client's packets may not touch, a range for each CP_PROTECT; the last
 * reaches to the end of the register space. Kernel: {@code a630_protect} of {@code a6xx_catalog.c}.
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
          new Range(0x008de, 0x00ae, false),
          new Range(0x00900, 0x004d, true),
          new Range(0x0098d, 0x0272, true),
          new Range(0x00e00, 0x0001, true),
          new Range(0x00e03, 0x000c, true),
          new Range(0x03c00, 0x00c3, true),
          new Range(0x03cc4, 0x1fff, false),
          new Range(0x08630, 0x01cf, true),
          new Range(0x08e00, 0x0000, true),
          new Range(0x08e08, 0x0000, true),
          new Range(0x08e50, 0x001f, true),
          new Range(0x09624, 0x01db, true),
          new Range(0x09e70, 0x0001, true),
          new Range(0x09e78, 0x0187, true),
          new Range(0x0a630, 0x01cf, true),
          new Range(0x0ae02, 0x0000, true),
          new Range(0x0ae50, 0x032f, true),
          new Range(0x0b604, 0x0000, true),
          new Range(0x0be02, 0x0001, true),
          new Range(0x0be20, 0x17df, true),
          new Range(0x0f000, 0x0bff, true),
          new Range(0x0fc00, 0x1fff, false),
          new Range(0x11c00, 0x0000, true));

  private A6xxProtect() {}
}
