package org.smmulator.hw.decon;

import static org.smmulator.hw.pixel.PixelMath.five;
import static org.smmulator.hw.pixel.PixelMath.product;
import static org.smmulator.hw.pixel.PixelMath.six;
import static org.smmulator.regs.decon.DeconRegs.ADD2_GAP_BYTES;
import static org.smmulator.regs.decon.DeconRegs.ADD2_LINE_BYTES;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ_A_FUNC;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ_B_FUNC;
import static org.smmulator.regs.decon.DeconRegs.BLEND_ALPHA0;
import static org.smmulator.regs.decon.DeconRegs.BLEND_ALPHA_A;
import static org.smmulator.regs.decon.DeconRegs.BLEND_ONE;
import static org.smmulator.regs.decon.DeconRegs.BLEND_ONE_MINUS_ALPHA_A;
import static org.smmulator.regs.decon.DeconRegs.BPP_565;
import static org.smmulator.regs.decon.DeconRegs.BPP_A8888;
import static org.smmulator.regs.decon.DeconRegs.BPP_I1555;
import static org.smmulator.regs.decon.DeconRegs.OSD_ALPHA_B;
import static org.smmulator.regs.decon.DeconRegs.OSD_X;
import static org.smmulator.regs.decon.DeconRegs.OSD_Y;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_A;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_B;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_C;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD0;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD2;
import static org.smmulator.regs.decon.DeconRegs.WINCON;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ALPHA_MUL;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ALPHA_SEL;
import static org.smmulator.regs.decon.DeconRegs.WINCON_BPPMODE;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ENWIN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;

/** One window as it is scanned out: its registers as they were when the last update was taken. */
final class DeconWindow {
  private static final int MAX_LINE_BYTES = 1 << 14;
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int index;
  private final BusMaster memory;
  private final MemorySegment line = MemorySegment.ofArray(new byte[MAX_LINE_BYTES]);
  private int wincon;
  private int leftTop;
  private int rightBottom;
  private int alpha0;
  private int address;
  private int bytes;
  private int blending;

  DeconWindow(int index, BusMaster memory) {
    this.index = index;
    this.memory = memory;
  }

  /** Takes the registers over. */
  void latch(RegisterFile registers) {
    wincon = registers.get(WINCON, index);
    leftTop = registers.get(VIDOSD_A, index);
    rightBottom = registers.get(VIDOSD_B, index);
    alpha0 = registers.get(VIDOSD_C, index);
    address = registers.get(VIDW_ADD0, index);
    bytes = registers.get(VIDW_ADD2, index);
    blending = index == 0 ? BLENDERQ_A_FUNC.of(BLEND_ONE) : registers.get(BLENDERQ, index - 1);
  }

  void disable() {
    wincon = 0;
  }

  boolean covers(int y) {
    return WINCON_ENWIN.isSet(wincon) && y >= OSD_Y.get(leftTop) && y <= OSD_Y.get(rightBottom);
  }

  /** Fetches the window's part of line {@code y} of the frame. */
  void fetch(int y) {
    int lineBytes = ADD2_LINE_BYTES.get(bytes);
    long stride = (long) lineBytes + ADD2_GAP_BYTES.get(bytes);
    memory.read(
        Integer.toUnsignedLong(address) + (y - OSD_Y.get(leftTop)) * stride, line, 0, lineBytes);
  }

  /** Blends what was fetched over {@code below}, the line of the frame. */
  void blendOver(int[] below, int frameWidth) {
    int left = OSD_X.get(leftTop);
    int pixelBytes = pixelBytes();
    int fetched = ADD2_LINE_BYTES.get(bytes) / pixelBytes;
    int end = Math.min(Math.min(OSD_X.get(rightBottom) + 1, frameWidth), left + fetched);
    if (pixelBytes == Integer.BYTES && isOpaque()) {
      MemorySegment.copy(line, U32, 0, below, left, Math.max(0, end - left));
      return;
    }
    for (int x = left; x < end; x++) {
      below[x] = blend(pixel(x - left, pixelBytes), below[x]);
    }
  }

  /** Returns whether what is below a pixel never shows, so that pixels can be moved as they are. */
  private boolean isOpaque() {
    boolean varies = WINCON_ALPHA_SEL.isSet(wincon) && WINCON_BPPMODE.get(wincon) == BPP_A8888;
    int alpha = WINCON_ALPHA_SEL.isSet(wincon) ? 0xff : OSD_ALPHA_B.get(alpha0);
    return !varies
        && factor(BLENDERQ_A_FUNC.get(blending), alpha) == 0xff
        && factor(BLENDERQ_B_FUNC.get(blending), alpha) == 0;
  }

  private int pixelBytes() {
    return switch (WINCON_BPPMODE.get(wincon)) {
      case BPP_565, BPP_I1555 -> 2;
      default -> 4;
    };
  }

  private int pixel(int x, int pixelBytes) {
    if (pixelBytes == 4) {
      int argb = line.get(U32, 4L * x);
      return WINCON_BPPMODE.get(wincon) == BPP_A8888 ? argb : argb | 0xff00_0000;
    }
    int bits = line.get(U16, 2L * x) & 0xffff;
    boolean is565 = WINCON_BPPMODE.get(wincon) == BPP_565;
    int red = five(bits >>> (is565 ? 11 : 10));
    int green = is565 ? six(bits >>> 5) : five(bits >>> 5);
    return 0xff00_0000 | red << 16 | green << 8 | five(bits);
  }

  private int blend(int pixel, int below) {
    int alpha = alpha(pixel);
    int own = factor(BLENDERQ_A_FUNC.get(blending), alpha);
    int others = factor(BLENDERQ_B_FUNC.get(blending), alpha);
    if (own == 0xff && others == 0) {
      return pixel;
    }
    int made = 0;
    for (int shift = 0; shift < 24; shift += Byte.SIZE) {
      int sum = product(pixel >>> shift & 0xff, own) + product(below >>> shift & 0xff, others);
      made |= Math.min(sum, 0xff) << shift;
    }
    return made;
  }

  private int alpha(int pixel) {
    int global = OSD_ALPHA_B.get(alpha0);
    if (!WINCON_ALPHA_SEL.isSet(wincon)) {
      return global;
    }
    int own = pixel >>> 24;
    return WINCON_ALPHA_MUL.isSet(wincon) ? product(own, global) : own;
  }

  private int factor(int function, int alpha) {
    return switch (function) {
      case BLEND_ONE -> 0xff;
      case BLEND_ALPHA_A -> alpha;
      case BLEND_ONE_MINUS_ALPHA_A -> 0xff - alpha;
      case BLEND_ALPHA0 -> OSD_ALPHA_B.get(alpha0);
      default -> 0;
    };
  }
}
