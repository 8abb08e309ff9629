package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.POINT_X;
import static org.smmulator.regs.g2d.G2dRegs.POINT_Y;
import static org.smmulator.regs.g2d.G2dRegs.REPEAT_CLAMP;
import static org.smmulator.regs.g2d.G2dRegs.REPEAT_NONE;
import static org.smmulator.regs.g2d.G2dRegs.REPEAT_PAD;
import static org.smmulator.regs.g2d.G2dRegs.REPEAT_REFLECT;
import static org.smmulator.regs.g2d.G2dRegs.SCALE_BILINEAR;
import static org.smmulator.regs.g2d.G2dRegs.SCALE_NONE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.SRC_PAD_VALUE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_REPEAT_MODE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.SRC_SCALE_CTRL;
import static org.smmulator.regs.g2d.G2dRegs.SRC_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_XSCALE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_YSCALE;

import org.smmulator.hw.bus.RegisterFile;

/** The source of a blit: its rectangle, what lies beyond it, and how it is scaled. */
final class SourceRows {
  private static final int ONE = 1 << 16;

  private final RegisterFile registers;
  private final LineMemory upper;
  private final LineMemory lower;
  private final YcbcrRows ycbcr;
  private int left;
  private int top;
  private int width;
  private int height;
  private int repeat;
  private int scaling;
  private int xScale;
  private int yScale;

  /** Reads through two line buffers: bilinear filtering needs two rows at once. */
  SourceRows(RegisterFile registers, LineMemory upper, LineMemory lower) {
    this.registers = registers;
    this.upper = upper;
    this.lower = lower;
    this.ycbcr = new YcbcrRows(registers);
  }

  /** Takes over what the registers say now. */
  void begin() {
    int first = registers.get(SRC_LEFT_TOP);
    int end = registers.get(SRC_RIGHT_BOTTOM);
    left = POINT_X.get(first);
    top = POINT_Y.get(first);
    width = Math.max(0, POINT_X.get(end) - left);
    height = Math.max(0, POINT_Y.get(end) - top);
    repeat = registers.get(SRC_REPEAT_MODE);
    scaling = registers.get(SRC_SCALE_CTRL);
    xScale = scaling == SCALE_NONE ? ONE : registers.get(SRC_XSCALE);
    yScale = scaling == SCALE_NONE ? ONE : registers.get(SRC_YSCALE);
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Loads the rows that row {@code y} of the result comes from, an index into the rectangle. */
  boolean load(int ticket, int y) {
    long position = (long) y * Integer.toUnsignedLong(yScale);
    int row = (int) (position >>> 16);
    boolean loaded = loadRow(ticket, upper, row);
    if (loaded && scaling == SCALE_BILINEAR) {
      loaded = loadRow(ticket, lower, row + 1);
      fractionY = (int) position & ONE - 1;
    }
    return loaded;
  }

  private int fractionY;

  private boolean loadRow(int ticket, LineMemory into, int row) {
    int inside = index(row, height);
    if (inside < 0) {
      into.fill(beyond(), width);
      return true;
    }
    if (YcbcrRows.covers(registers.get(SRC_COLOR_MODE))) {
      return ycbcr.load(ticket, into, left, top + inside, width);
    }
    return into.load(
        ticket,
        Integer.toUnsignedLong(registers.get(SRC_BASE_ADDR)),
        Integer.toUnsignedLong(registers.get(SRC_STRIDE)),
        registers.get(SRC_COLOR_MODE),
        left,
        top + inside,
        width);
  }

  /**
   * Loads the column that row {@code y} of a result comes from whose source is turned by a quarter,
   * counter-clockwise; the nearest pixels, {@code count} of them.
   */
  boolean loadTurned(int ticket, int y, int count) {
    int column = index(width - 1 - (int) ((y * Integer.toUnsignedLong(xScale)) >>> 16), width);
    for (int x = 0; x < count; x++) {
      int row = index((int) ((x * Integer.toUnsignedLong(yScale)) >>> 16), height);
      if (column < 0 || row < 0) {
        upper.set(x, beyond());
      } else if (!loadPixel(ticket, column, row, x)) {
        return false;
      }
    }
    return true;
  }

  private boolean loadPixel(int ticket, int column, int row, int index) {
    int mode = registers.get(SRC_COLOR_MODE);
    if (YcbcrRows.covers(mode)) {
      boolean loaded = ycbcr.load(ticket, lower, left + column, top + row, 1);
      upper.set(index, lower.pixel(0));
      return loaded;
    }
    return upper.loadOne(
        ticket,
        Integer.toUnsignedLong(registers.get(SRC_BASE_ADDR)),
        Integer.toUnsignedLong(registers.get(SRC_STRIDE)),
        mode,
        left + column,
        top + row,
        index);
  }

  /** Pixel {@code x} of what {@link #loadTurned} has loaded. */
  int turnedPixel(int x) {
    return upper.pixel(x);
  }

  /** Returns whether the first {@code count} pixels of the result are those of the loaded row. */
  boolean isAsLoaded(int count) {
    return scaling == SCALE_NONE && count <= width;
  }

  /** The pixels of the loaded row. */
  int[] loaded() {
    return upper.pixels();
  }

  /** Samples pixel {@code x} of the loaded row, an index into the rectangle. */
  int pixel(int x) {
    if (scaling == SCALE_NONE && x < width) {
      return upper.pixel(x);
    }
    long position = (long) x * Integer.toUnsignedLong(xScale);
    int column = (int) (position >>> 16);
    int here = at(upper, column);
    if (scaling != SCALE_BILINEAR) {
      return here;
    }
    int fractionX = (int) position & ONE - 1;
    int above = mix(here, at(upper, column + 1), fractionX);
    int below = mix(at(lower, column), at(lower, column + 1), fractionX);
    return mix(above, below, fractionY);
  }

  private int at(LineMemory row, int column) {
    int inside = index(column, width);
    return inside < 0 ? beyond() : row.pixel(inside);
  }

  private int beyond() {
    return repeat == REPEAT_PAD ? registers.get(SRC_PAD_VALUE) : 0;
  }

  /** The index inside of {@code size} that stands for {@code index}; -1 if none does. */
  private int index(int index, int size) {
    if (index >= 0 && index < size) {
      return index;
    }
    if (size == 0) {
      return -1;
    }
    return switch (repeat) {
      case REPEAT_PAD, REPEAT_NONE -> -1;
      case REPEAT_REFLECT -> {
        int twice = Math.floorMod(index, 2 * size);
        yield twice < size ? twice : 2 * size - 1 - twice;
      }
      case REPEAT_CLAMP -> Math.clamp(index, 0, size - 1);
      default -> scaling == SCALE_BILINEAR && index == size ? size - 1 : Math.floorMod(index, size);
    };
  }

  private static int mix(int from, int to, int fraction) {
    int mixed = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int one = from >>> shift & 0xff;
      int other = to >>> shift & 0xff;
      mixed |= (one + (((other - one) * fraction) >> 16)) << shift;
    }
    return mixed;
  }
}
