package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.FORMAT_YCBCR420;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_YCBCR444;
import static org.smmulator.regs.g2d.G2dRegs.MODE_CSC_709;
import static org.smmulator.regs.g2d.G2dRegs.MODE_FORMAT;
import static org.smmulator.regs.g2d.G2dRegs.MODE_TWO_PLANES;
import static org.smmulator.regs.g2d.G2dRegs.MODE_WIDE;
import static org.smmulator.regs.g2d.G2dRegs.MODE_YCBCR_ORDER;
import static org.smmulator.regs.g2d.G2dRegs.SRC_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_PLANE2_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.YCBCR_CBY1CRY0;
import static org.smmulator.regs.g2d.G2dRegs.YCBCR_Y1CBY0CR;
import static org.smmulator.regs.g2d.G2dRegs.YCBCR_Y1CRY0CB;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.pixel.YccColors;

/**
 * Rows of a source in YCbCr. Without a second plane two pixels share four bytes; with one, the
 * second holds pairs of chrominance, and its rows are as far apart as those of the first, or twice
 * as far if each pixel has a pair.
 */
final class YcbcrRows {
  private static final int OPAQUE = 0xff00_0000;

  private final RegisterFile registers;
  private final int[] luminance = new int[LineMemory.MAX_PIXELS];
  private final int[] pixels = new int[LineMemory.MAX_PIXELS];

  /** The conversions by the bits that say wide, and BT.709. */
  private final YccColors[] colors = {
    new YccColors(false, false),
    new YccColors(true, false),
    new YccColors(false, true),
    new YccColors(true, true)
  };

  YcbcrRows(RegisterFile registers) {
    this.registers = registers;
  }

  /** Returns whether a colour mode is one of YCbCr. */
  static boolean covers(int mode) {
    int format = MODE_FORMAT.get(mode);
    return format >= FORMAT_YCBCR444 && format <= FORMAT_YCBCR420;
  }

  /** Loads {@code count} pixels; returns whether the job is still current. */
  boolean load(int ticket, LineMemory into, int x, int y, int count) {
    int mode = registers.get(SRC_COLOR_MODE);
    boolean loaded =
        MODE_TWO_PLANES.isSet(mode)
            ? loadTwoPlanes(ticket, into, mode, x, y, count)
            : loadPairs(ticket, into, mode, x, y, count);
    int kind = (MODE_CSC_709.isSet(mode) ? 1 : 0) | (MODE_WIDE.isSet(mode) ? 2 : 0);
    colors[kind].toRgb(pixels, count);
    for (int i = 0; i < count; i++) {
      into.set(i, OPAQUE | pixels[i]);
    }
    return loaded;
  }

  private long row(long base, long y, int factor) {
    return base + y * Integer.toUnsignedLong(registers.get(SRC_STRIDE)) * factor;
  }

  private boolean loadPairs(int ticket, LineMemory into, int mode, int x, int y, int count) {
    int order = MODE_YCBCR_ORDER.get(mode);
    boolean chromaLow = order == YCBCR_Y1CRY0CB || order == YCBCR_Y1CBY0CR;
    boolean redLow = order == YCBCR_CBY1CRY0 || order == YCBCR_Y1CBY0CR;
    int start = x & ~1;
    int end = x + count + 1 & ~1;
    long address = row(Integer.toUnsignedLong(registers.get(SRC_BASE_ADDR)), y, 1) + 2L * start;
    boolean loaded = into.loadBytes(ticket, address, 2 * (end - start));
    for (int i = 0; i < count; i++) {
      int at = x + i - start;
      int pair = 4 * (at / 2);
      int low = into.byteAt(pair + (chromaLow ? 0 : 1));
      int high = into.byteAt(pair + (chromaLow ? 2 : 3));
      pixels[i] =
          into.byteAt(2 * at + (chromaLow ? 1 : 0)) << 16
              | (redLow ? high << 8 | low : low << 8 | high);
    }
    return loaded;
  }

  private boolean loadTwoPlanes(int ticket, LineMemory into, int mode, int x, int y, int count) {
    int format = MODE_FORMAT.get(mode);
    boolean each = format == FORMAT_YCBCR444;
    boolean redLow = MODE_YCBCR_ORDER.get(mode) == YCBCR_CBY1CRY0;
    long base = Integer.toUnsignedLong(registers.get(SRC_BASE_ADDR));
    boolean loaded = into.loadBytes(ticket, row(base, y, 1) + x, count);
    for (int i = 0; i < count; i++) {
      luminance[i] = into.byteAt(i);
    }
    int first = each ? x : x / 2;
    int last = each ? x + count : (x + count + 1) / 2;
    long plane = Integer.toUnsignedLong(registers.get(SRC_PLANE2_BASE_ADDR));
    long line = row(plane, format == FORMAT_YCBCR420 ? y / 2 : y, each ? 2 : 1);
    loaded &= into.loadBytes(ticket, line + 2L * first, 2 * (last - first));
    for (int i = 0; i < count; i++) {
      int pair = 2 * ((each ? x + i : (x + i) / 2) - first);
      int low = into.byteAt(pair);
      int high = into.byteAt(pair + 1);
      pixels[i] = luminance[i] << 16 | (redLow ? high << 8 | low : low << 8 | high);
    }
    return loaded;
  }
}
