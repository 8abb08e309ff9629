package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.MASK_1_BIT;
import static org.smmulator.regs.g2d.G2dRegs.MASK_4_BIT;
import static org.smmulator.regs.g2d.G2dRegs.MASK_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.MASK_FORMAT;
import static org.smmulator.regs.g2d.G2dRegs.MASK_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.MASK_MODE;
import static org.smmulator.regs.g2d.G2dRegs.MASK_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.MASK_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.POINT_X;
import static org.smmulator.regs.g2d.G2dRegs.POINT_Y;

import org.smmulator.hw.bus.RegisterFile;

/**
 * A line of the mask, which repeats beyond its rectangle: how much of the source counts, pixel by
 * pixel. Several pixels of less than a byte begin with the lowest bits.
 */
final class MaskLine {
  private static final int MAX = 0xff;

  private final RegisterFile registers;
  private final LineMemory bytes;
  private int left;
  private int width;
  private int format;

  MaskLine(RegisterFile registers, LineMemory bytes) {
    this.registers = registers;
    this.bytes = bytes;
  }

  /** Loads the line for row {@code y} of a result; returns whether the job is still current. */
  boolean load(int ticket, int y) {
    int first = registers.get(MASK_LEFT_TOP);
    int end = registers.get(MASK_RIGHT_BOTTOM);
    format = MASK_FORMAT.get(registers.get(MASK_MODE));
    left = POINT_X.get(first);
    width = Math.max(1, POINT_X.get(end) - left);
    int height = Math.max(1, POINT_Y.get(end) - POINT_Y.get(first));
    long line = (long) POINT_Y.get(first) + y % height;
    long address =
        Integer.toUnsignedLong(registers.get(MASK_BASE_ADDR))
            + line * Integer.toUnsignedLong(registers.get(MASK_STRIDE));
    return bytes.loadBytes(ticket, address, (left + width) * bits() / Byte.SIZE + 1);
  }

  private int bits() {
    return switch (format) {
      case MASK_1_BIT -> 1;
      case MASK_4_BIT -> 4;
      default -> 8;
    };
  }

  /** The mask's value for pixel {@code x}: 0 to 255. */
  int value(int x) {
    int at = left + x % width;
    return switch (format) {
      case MASK_1_BIT -> ((bytes.byteAt(at / 8) >>> (at % 8)) & 1) * MAX;
      case MASK_4_BIT -> ((bytes.byteAt(at / 2) >>> (4 * (at % 2))) & 0xf) * 0x11;
      default -> bytes.byteAt(at);
    };
  }
}
