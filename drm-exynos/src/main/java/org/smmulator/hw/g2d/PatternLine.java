package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.PAT_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.PAT_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_HEIGHT;
import static org.smmulator.regs.g2d.G2dRegs.PAT_OFFSET;
import static org.smmulator.regs.g2d.G2dRegs.PAT_SIZE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_WIDTH;
import static org.smmulator.regs.g2d.G2dRegs.POINT_X;
import static org.smmulator.regs.g2d.G2dRegs.POINT_Y;

import org.smmulator.hw.bus.RegisterFile;

/** A line of the pattern, which repeats over the whole destination. */
final class PatternLine {
  private final RegisterFile registers;
  private final LineMemory line;
  private int width;
  private int offset;

  PatternLine(RegisterFile registers, LineMemory line) {
    this.registers = registers;
    this.line = line;
  }

  /**
   * Loads the line that lies at line {@code y} of the destination; returns whether the job is still
   * current.
   */
  boolean load(int ticket, int y) {
    int size = registers.get(PAT_SIZE);
    width = Math.max(1, PAT_WIDTH.get(size));
    offset = POINT_X.get(registers.get(PAT_OFFSET));
    int height = Math.max(1, PAT_HEIGHT.get(size));
    int row = (y + POINT_Y.get(registers.get(PAT_OFFSET))) % height;
    return line.load(
        ticket,
        Integer.toUnsignedLong(registers.get(PAT_BASE_ADDR)),
        Integer.toUnsignedLong(registers.get(PAT_STRIDE)),
        registers.get(PAT_COLOR_MODE),
        0,
        row,
        width);
  }

  /** The pixel that lies at column {@code x} of the destination. */
  int pixel(int x) {
    return line.pixel((x + offset) % width);
  }
}
