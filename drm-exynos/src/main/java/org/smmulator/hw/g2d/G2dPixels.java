package org.smmulator.hw.g2d;

import static org.smmulator.hw.pixel.PixelMath.five;
import static org.smmulator.hw.pixel.PixelMath.six;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_A8;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_ARGB1555;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_ARGB4444;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_ARGB8888;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_L8;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_PACKED_RGB888;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_RGB565;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_XRGB1555;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_XRGB4444;
import static org.smmulator.regs.g2d.G2dRegs.FORMAT_XRGB8888;
import static org.smmulator.regs.g2d.G2dRegs.MODE_FORMAT;
import static org.smmulator.regs.g2d.G2dRegs.MODE_ORDER;
import static org.smmulator.regs.g2d.G2dRegs.ORDER_AXBGR;
import static org.smmulator.regs.g2d.G2dRegs.ORDER_AXRGB;
import static org.smmulator.regs.g2d.G2dRegs.ORDER_BGRAX;
import static org.smmulator.regs.g2d.G2dRegs.ORDER_RGBAX;

/**
 * The pixel formats of a colour mode register. Inside the engine a pixel is eight bits each of
 * alpha, red, green and blue, from the top down.
 *
 * <p>A component of fewer bits is widened by repeating its upper bits, and narrowed by dropping its
 * lower ones.
 */
final class G2dPixels {
  private static final int OPAQUE = 0xff00_0000;

  private G2dPixels() {}

  /** How many bytes a pixel takes; of a format that is not modelled one, as the driver counts. */
  static int bytes(int mode) {
    return switch (MODE_FORMAT.get(mode)) {
      case FORMAT_XRGB8888, FORMAT_ARGB8888 -> 4;
      case FORMAT_PACKED_RGB888 -> 3;
      case FORMAT_RGB565, FORMAT_XRGB1555, FORMAT_ARGB1555, FORMAT_XRGB4444, FORMAT_ARGB4444 -> 2;
      default -> 1;
    };
  }

  /** Returns whether the bits of memory are a pixel of the engine as they are. */
  static boolean isNative(int mode) {
    return MODE_FORMAT.get(mode) == FORMAT_ARGB8888 && MODE_ORDER.get(mode) == ORDER_AXRGB;
  }

  /** Widens the bits of memory to a pixel of the engine. */
  static int decode(int mode, int bits) {
    return switch (MODE_FORMAT.get(mode)) {
      case FORMAT_XRGB8888 -> ordered(mode, bits, 8) | OPAQUE;
      case FORMAT_ARGB8888 -> ordered(mode, bits, 8);
      case FORMAT_PACKED_RGB888 -> swapped(mode, bits) | OPAQUE;
      case FORMAT_RGB565 ->
          swapped(mode, five(bits >>> 11) << 16 | six(bits >>> 5) << 8 | five(bits)) | OPAQUE;
      case FORMAT_XRGB1555 -> decode1555(mode, bits) | OPAQUE;
      case FORMAT_ARGB1555 -> {
        int alphaBit = alphaIsLast(mode) ? bits & 1 : bits >>> 15 & 1;
        yield (decode1555(mode, bits) & ~OPAQUE) | (alphaBit == 0 ? 0 : OPAQUE);
      }
      case FORMAT_XRGB4444 -> widened4444(mode, bits) | OPAQUE;
      case FORMAT_ARGB4444 -> widened4444(mode, bits);
      case FORMAT_A8 -> bits << 24;
      case FORMAT_L8 -> OPAQUE | (bits & 0xff) * 0x010101;
      default -> 0;
    };
  }

  /** Narrows a pixel of the engine to the bits of memory. */
  static int encode(int mode, int argb) {
    return switch (MODE_FORMAT.get(mode)) {
      case FORMAT_XRGB8888, FORMAT_ARGB8888 -> toOrder(mode, argb, 8);
      case FORMAT_PACKED_RGB888 -> swapped(mode, argb) & 0xff_ffff;
      case FORMAT_RGB565 -> {
        int rgb = swapped(mode, argb);
        yield ((rgb >>> 8) & 0xf800) | ((rgb >>> 5) & 0x07e0) | ((rgb >>> 3) & 0x1f);
      }
      case FORMAT_XRGB1555, FORMAT_ARGB1555 -> {
        int rgb = swapped(mode, argb);
        int colors = ((rgb >>> 9) & 0x7c00) | ((rgb >>> 6) & 0x03e0) | ((rgb >>> 3) & 0x1f);
        int alpha = argb >>> 31;
        yield alphaIsLast(mode) ? colors << 1 | alpha : alpha << 15 | colors;
      }
      case FORMAT_XRGB4444, FORMAT_ARGB4444 -> {
        int narrow =
            ((argb >>> 16) & 0xf000)
                | ((argb >>> 12) & 0x0f00)
                | ((argb >>> 8) & 0x00f0)
                | ((argb >>> 4) & 0xf);
        yield toOrder(mode, narrow, 4);
      }
      case FORMAT_A8 -> argb >>> 24;
      case FORMAT_L8 -> argb >>> 8 & 0xff;
      default -> 0;
    };
  }

  private static boolean alphaIsLast(int mode) {
    int order = MODE_ORDER.get(mode);
    return order == ORDER_RGBAX || order == ORDER_BGRAX;
  }

  private static boolean blueIsFirst(int mode) {
    int order = MODE_ORDER.get(mode);
    return order == ORDER_AXBGR || order == ORDER_BGRAX;
  }

  private static int decode1555(int mode, int bits) {
    int colors = alphaIsLast(mode) ? bits >>> 1 : bits;
    return swapped(mode, five(colors >>> 10) << 16 | five(colors >>> 5) << 8 | five(colors));
  }

  private static int widened4444(int mode, int bits) {
    int narrow = ordered(mode, bits, 4);
    int spread =
        (narrow & 0xf000) << 12 | (narrow & 0xf00) << 8 | (narrow & 0xf0) << 4 | (narrow & 0xf);
    return spread | spread << 4;
  }

  /** Puts four components of {@code width} bits into the order alpha, red, green, blue. */
  private static int ordered(int mode, int bits, int width) {
    int all = width == 8 ? bits : bits & 0xffff;
    int argb =
        alphaIsLast(mode) ? (all >>> width) | ((all & ((1 << width) - 1)) << (3 * width)) : all;
    return blueIsFirst(mode) ? swappedComponents(argb, width) : argb;
  }

  private static int toOrder(int mode, int argb, int width) {
    int colors = blueIsFirst(mode) ? swappedComponents(argb, width) : argb;
    if (!alphaIsLast(mode)) {
      return colors;
    }
    int mask = (1 << width) - 1;
    int rotated = (colors << width) | ((colors >>> (3 * width)) & mask);
    return width == 8 ? rotated : rotated & 0xffff;
  }

  private static int swapped(int mode, int argb) {
    return blueIsFirst(mode) ? swappedComponents(argb, 8) : argb;
  }

  private static int swappedComponents(int argb, int width) {
    int mask = (1 << width) - 1;
    int rest = argb & ~((mask << (2 * width)) | mask);
    return rest | ((argb & mask) << (2 * width)) | ((argb >>> (2 * width)) & mask);
  }
}
