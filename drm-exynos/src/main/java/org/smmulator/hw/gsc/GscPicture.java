package org.smmulator.hw.gsc;

import static org.smmulator.hw.pixel.PixelMath.five;
import static org.smmulator.hw.pixel.PixelMath.six;

import java.lang.foreign.MemorySegment;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.gsc.GscRegs;

/**
 * A picture in memory, line by line. Inside the engine a pixel is {@code 0x00RRGGBB} or {@code
 * 0x00YYBBRR}.
 *
 * <p>Lines are as far apart as the width of the whole picture says; those of chrominance follow
 * from it.
 */
final class GscPicture {
  /** Sizes have 13 bits, and so have offsets. */
  static final int MAX_PIXELS = 1 << 13;

  private static final int TILE_BYTES = 16;
  private static final int TILE_LINES = 16;

  private final BusMaster memory;
  private final byte[] luma = new byte[MAX_PIXELS * Integer.BYTES];
  private final byte[] blue = new byte[MAX_PIXELS + 2];
  private final byte[] red = new byte[MAX_PIXELS + 2];
  private final MemorySegment lumaBytes = MemorySegment.ofArray(luma);
  private final MemorySegment blueBytes = MemorySegment.ofArray(blue);
  private final MemorySegment redBytes = MemorySegment.ofArray(red);

  private int format;
  private boolean redFirst;
  private boolean chromaLow;
  private boolean swapped;
  private boolean tiled;
  private int chromaTileLines;
  private int alpha;
  private long lumaAt;
  private long blueAt;
  private long redAt;
  private int width;
  private int left;
  private int top;

  GscPicture(BusMaster memory) {
    this.memory = memory;
  }

  /** Takes over what the registers say of the source. */
  void beginSource(RegisterFile registers) {
    int control = registers.get(GscRegs.IN_CON);
    int offset = registers.get(GscRegs.SRCIMG_OFFSET);
    int index = Integer.numberOfTrailingZeros(~registers.get(GscRegs.IN_BASE_ADDR_Y_MASK));
    int buffer = Math.min(index, GscRegs.SOURCES - 1);
    format = GscRegs.IN_FORMAT.get(control);
    redFirst = GscRegs.IN_CHROMA_CRCB.isSet(control);
    chromaLow = GscRegs.IN_1P_LSB_C.isSet(control);
    swapped = GscRegs.IN_RB_SWAP.isSet(control);
    tiled = GscRegs.IN_TILE_MODE.isSet(control);
    chromaTileLines = GscRegs.IN_TILE_C_16X16.isSet(control) ? TILE_LINES : TILE_LINES / 2;
    lumaAt = Integer.toUnsignedLong(registers.get(GscRegs.IN_BASE_ADDR_Y, buffer));
    blueAt = Integer.toUnsignedLong(registers.get(GscRegs.IN_BASE_ADDR_CB, buffer));
    redAt = Integer.toUnsignedLong(registers.get(GscRegs.IN_BASE_ADDR_CR, buffer));
    width = GscRegs.SRCIMG_WIDTH.get(registers.get(GscRegs.SRCIMG_SIZE));
    left = GscRegs.SRCIMG_X.get(offset);
    top = GscRegs.SRCIMG_Y.get(offset);
  }

  /** Takes over what the registers say of the destination. */
  void beginDestination(RegisterFile registers) {
    int control = registers.get(GscRegs.OUT_CON);
    int offset = registers.get(GscRegs.DSTIMG_OFFSET);
    int index = Integer.numberOfTrailingZeros(~registers.get(GscRegs.OUT_BASE_ADDR_Y_MASK));
    int buffer = Math.min(index, GscRegs.DESTINATIONS - 1);
    format = GscRegs.OUT_FORMAT.get(control);
    redFirst = GscRegs.OUT_CHROMA_CRCB.isSet(control);
    chromaLow = GscRegs.OUT_1P_LSB_C.isSet(control);
    swapped = GscRegs.OUT_RB_SWAP.isSet(control);
    tiled = GscRegs.OUT_TILE_MODE.isSet(control);
    chromaTileLines = GscRegs.OUT_TILE_C_16X16.isSet(control) ? TILE_LINES : TILE_LINES / 2;
    alpha = GscRegs.OUT_GLOBAL_ALPHA.get(control);
    lumaAt = Integer.toUnsignedLong(registers.get(GscRegs.OUT_BASE_ADDR_Y, buffer));
    blueAt = Integer.toUnsignedLong(registers.get(GscRegs.OUT_BASE_ADDR_CB, buffer));
    redAt = Integer.toUnsignedLong(registers.get(GscRegs.OUT_BASE_ADDR_CR, buffer));
    width = GscRegs.DSTIMG_WIDTH.get(registers.get(GscRegs.DSTIMG_SIZE));
    left = GscRegs.DSTIMG_X.get(offset);
    top = GscRegs.DSTIMG_Y.get(offset);
  }

  boolean isRgb() {
    return format == GscRegs.FORMAT_XRGB8888 || format == GscRegs.FORMAT_RGB565;
  }

  /** How many bytes a line of {@code count} pixels takes, chrominance left out. */
  int bytes(int count) {
    return count * lumaPixelBytes();
  }

  private int lumaPixelBytes() {
    return switch (format) {
      case GscRegs.FORMAT_XRGB8888 -> 4;
      case GscRegs.FORMAT_RGB565, GscRegs.FORMAT_YUV422_1P -> 2;
      default -> 1;
    };
  }

  // ---- loading

  /** Loads {@code count} pixels of a line of the rectangle. */
  void load(int row, int count, int[] into) {
    int line = top + row;
    switch (format) {
      case GscRegs.FORMAT_XRGB8888 -> {
        fetch(lumaBytes, lumaAt, 4 * width, line, 4 * left, 4 * count, 0);
        for (int i = 0; i < count; i++) {
          into[i] =
              rb(
                  byteAt(luma, 4 * i + 2) << 16
                      | byteAt(luma, 4 * i + 1) << 8
                      | byteAt(luma, 4 * i));
        }
      }
      case GscRegs.FORMAT_RGB565 -> {
        fetch(lumaBytes, lumaAt, 2 * width, line, 2 * left, 2 * count, 0);
        for (int i = 0; i < count; i++) {
          int bits = byteAt(luma, 2 * i + 1) << 8 | byteAt(luma, 2 * i);
          into[i] = rb(five(bits >>> 11) << 16 | six(bits >>> 5) << 8 | five(bits));
        }
      }
      case GscRegs.FORMAT_YUV422_1P -> loadPacked(line, count, into);
      default -> loadPlanes(line, count, into);
    }
  }

  private int rb(int pixel) {
    return swapped ? (pixel & 0x00ff00) | (pixel & 0xff) << 16 | (pixel >>> 16 & 0xff) : pixel;
  }

  private static int byteAt(byte[] from, int index) {
    return from[index] & 0xff;
  }

  private void loadPacked(int line, int count, int[] into) {
    int start = left & ~1;
    int pixels = (left + count + 1 & ~1) - start;
    fetch(lumaBytes, lumaAt, 2 * width, line, 2 * start, 2 * pixels, 0);
    for (int i = 0; i < count; i++) {
      int x = left + i - start;
      int pair = 4 * (x / 2);
      int y = byteAt(luma, 2 * x + (chromaLow ? 1 : 0));
      int first = byteAt(luma, pair + (chromaLow ? 0 : 1));
      int second = byteAt(luma, pair + (chromaLow ? 2 : 3));
      into[i] = y << 16 | chroma(first, second);
    }
  }

  private int chroma(int first, int second) {
    return redFirst ? second << 8 | first : first << 8 | second;
  }

  private void loadPlanes(int line, int count, int[] into) {
    fetch(lumaBytes, lumaAt, width, line, left, count, TILE_LINES);
    int start = left / 2;
    int pairs = (left + count + 1) / 2 - start;
    int chromaLine = chromaLine(line);
    if (isTwoPlanes()) {
      fetch(blueBytes, blueAt, width, chromaLine, 2 * start, 2 * pairs, chromaTileLines);
    } else {
      fetch(blueBytes, blueAt, width / 2, chromaLine, start, pairs, 0);
      fetch(redBytes, redAt, width / 2, chromaLine, start, pairs, 0);
    }
    for (int i = 0; i < count; i++) {
      int pair = (left + i) / 2 - start;
      int first = byteAt(blue, isTwoPlanes() ? 2 * pair : pair);
      int second = isTwoPlanes() ? byteAt(blue, 2 * pair + 1) : byteAt(red, pair);
      into[i] = byteAt(luma, i) << 16 | chroma(first, second);
    }
  }

  private boolean isTwoPlanes() {
    return format == GscRegs.FORMAT_YUV420_2P || format == GscRegs.FORMAT_YUV422_2P;
  }

  private boolean isHalfHigh() {
    return format == GscRegs.FORMAT_YUV420_2P || format == GscRegs.FORMAT_YUV420_3P;
  }

  private int chromaLine(int line) {
    return isHalfHigh() ? line / 2 : line;
  }

  private void fetch(
      MemorySegment to, long base, int stride, int line, int from, int count, int tileLines) {
    if (!tiled || tileLines == 0) {
      memory.read(base + (long) line * stride + from, to, 0, count);
      return;
    }
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, TILE_BYTES - (from + done) % TILE_BYTES);
      memory.read(tileAddress(base, stride, line, from + done, tileLines), to, done, part);
      done += part;
    }
  }

  private static long tileAddress(long base, int stride, int line, int at, int tileLines) {
    long tile = (long) (line / tileLines) * (stride / TILE_BYTES) + at / TILE_BYTES;
    return base
        + tile * TILE_BYTES * tileLines
        + (long) (line % tileLines) * TILE_BYTES
        + at % TILE_BYTES;
  }

  // ---- storing

  /** Stores {@code count} pixels of a line of the rectangle; lines come from the top down. */
  void store(int row, int count, int[] pixels) {
    int line = top + row;
    switch (format) {
      case GscRegs.FORMAT_XRGB8888 -> {
        for (int i = 0; i < count; i++) {
          int pixel = rb(pixels[i]);
          luma[4 * i] = (byte) pixel;
          luma[4 * i + 1] = (byte) (pixel >>> 8);
          luma[4 * i + 2] = (byte) (pixel >>> 16);
          luma[4 * i + 3] = (byte) alpha;
        }
        put(lumaBytes, lumaAt, 4 * width, line, 4 * left, 4 * count, 0);
      }
      case GscRegs.FORMAT_RGB565 -> {
        for (int i = 0; i < count; i++) {
          int pixel = rb(pixels[i]);
          int bits = (pixel >>> 8 & 0xf800) | (pixel >>> 5 & 0x07e0) | (pixel >>> 3 & 0x1f);
          luma[2 * i] = (byte) bits;
          luma[2 * i + 1] = (byte) (bits >>> 8);
        }
        put(lumaBytes, lumaAt, 2 * width, line, 2 * left, 2 * count, 0);
      }
      case GscRegs.FORMAT_YUV422_1P -> storePacked(line, count, pixels);
      default -> storePlanes(line, row, count, pixels);
    }
  }

  /** The chrominance of a pair of pixels: their mean, or that of the only one. */
  private int pairChroma(int pair, int count, int[] pixels) {
    int first = Math.max(0, 2 * pair - left);
    int last = Math.min(count - 1, 2 * pair + 1 - left);
    int cb = ((pixels[first] >>> 8 & 0xff) + (pixels[last] >>> 8 & 0xff) + 1) / 2;
    int cr = ((pixels[first] & 0xff) + (pixels[last] & 0xff) + 1) / 2;
    return cb << 8 | cr;
  }

  private int firstOf(int chroma) {
    return redFirst ? chroma & 0xff : chroma >>> 8;
  }

  private int secondOf(int chroma) {
    return redFirst ? chroma >>> 8 : chroma & 0xff;
  }

  private void storePacked(int line, int count, int[] pixels) {
    for (int i = 0; i < count; i++) {
      int x = left + i;
      int chroma = pairChroma(x / 2, count, pixels);
      int part = x % 2 == 0 ? firstOf(chroma) : secondOf(chroma);
      luma[2 * i + (chromaLow ? 1 : 0)] = (byte) (pixels[i] >>> 16);
      luma[2 * i + (chromaLow ? 0 : 1)] = (byte) part;
    }
    put(lumaBytes, lumaAt, 2 * width, line, 2 * left, 2 * count, 0);
  }

  private void storePlanes(int line, int row, int count, int[] pixels) {
    for (int i = 0; i < count; i++) {
      luma[i] = (byte) (pixels[i] >>> 16);
    }
    put(lumaBytes, lumaAt, width, line, left, count, TILE_LINES);
    if (isHalfHigh() && line % 2 != 0 && row > 0) {
      return; // two lines share the chrominance of the upper one
    }
    int start = left / 2;
    int pairs = (left + count + 1) / 2 - start;
    for (int pair = 0; pair < pairs; pair++) {
      int chroma = pairChroma(start + pair, count, pixels);
      if (isTwoPlanes()) {
        blue[2 * pair] = (byte) firstOf(chroma);
        blue[2 * pair + 1] = (byte) secondOf(chroma);
      } else {
        blue[pair] = (byte) firstOf(chroma);
        red[pair] = (byte) secondOf(chroma);
      }
    }
    int chromaLine = chromaLine(line);
    if (isTwoPlanes()) {
      put(blueBytes, blueAt, width, chromaLine, 2 * start, 2 * pairs, chromaTileLines);
    } else {
      put(blueBytes, blueAt, width / 2, chromaLine, start, pairs, 0);
      put(redBytes, redAt, width / 2, chromaLine, start, pairs, 0);
    }
  }

  private void put(
      MemorySegment from, long base, int stride, int line, int to, int count, int tileLines) {
    if (!tiled || tileLines == 0) {
      memory.write(base + (long) line * stride + to, from, 0, count);
      return;
    }
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, TILE_BYTES - (to + done) % TILE_BYTES);
      memory.write(tileAddress(base, stride, line, to + done, tileLines), from, done, part);
      done += part;
    }
  }
}
