package org.smmulator.hw.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.adreno.A6xxBlit;

/**
 * The 2D engine of an A6xx, which CP_BLIT starts: it fills and copies linear surfaces.
 *
 * <p>What needs a computation on pixels is not modelled and moves nothing: tiles, compression,
 * multisampling, rotation, scaling, conversion of formats.
 *
 * @implNote Unverified: that the clear colour of every format stands a channel a dword, in its low
 *     bits, as Turnip writes it for formats of one width.
 */
final class A2dEngine {
  private static final int XY_MASK = 0x3fff;
  private static final int Y_SHIFT = 16;
  private static final int PITCH_UNIT = 64;
  private static final int MAX_CHANNELS = 4;

  private final GpuBus bus;
  private final RegisterFile file;
  private final long dwordNs;

  /** Pixels, both ends inclusive. */
  private record Rectangle(int left, int top, int right, int bottom) {
    Rectangle within(Rectangle other) {
      return new Rectangle(
          Math.max(left, other.left),
          Math.max(top, other.top),
          Math.min(right, other.right),
          Math.min(bottom, other.bottom));
    }

    int width() {
      return right - left + 1;
    }

    int height() {
      return bottom - top + 1;
    }
  }

  /** A pixel of so many channels, all of the same width. */
  private record Format(int channels, int channelBytes) {
    int bytes() {
      return channels * channelBytes;
    }
  }

  private record Surface(long base, long pitch, Format format) {
    long at(int x, int y) {
      return base + y * pitch + (long) x * format.bytes();
    }
  }

  A2dEngine(GpuBus bus, RegisterFile file, CpCosts costs) {
    this.bus = bus;
    this.file = file;
    this.dwordNs = costs.dwordNs();
  }

  /** Fills or copies what the registers say; says whether that is modelled. */
  boolean run() {
    int control = file.get(A6xxBlit.GRAS_A2D_BLT_CNTL);
    int info = file.get(A6xxBlit.RB_A2D_DEST_BUFFER_INFO);
    Format format = format(info);
    if (format == null || A6xxBlit.ROTATE.get(control) != 0) {
      return false;
    }
    Rectangle whole =
        rectangle(file.get(A6xxBlit.GRAS_A2D_DEST_TL), file.get(A6xxBlit.GRAS_A2D_DEST_BR));
    Rectangle drawn = whole;
    if (A6xxBlit.SCISSOR.isSet(control)) {
      drawn =
          whole.within(
              rectangle(
                  file.get(A6xxBlit.GRAS_A2D_SCISSOR_TL), file.get(A6xxBlit.GRAS_A2D_SCISSOR_BR)));
    }
    Surface to =
        new Surface(
            file.get(A6xxBlit.RB_A2D_DEST_BUFFER_BASE),
            (long) PITCH_UNIT * (file.get(A6xxBlit.RB_A2D_DEST_BUFFER_PITCH) & 0xffff),
            format);
    if (A6xxBlit.SOLID_COLOR.isSet(control)) {
      fill(to, drawn);
      return true;
    }
    return copy(to, whole, drawn, info);
  }

  private void fill(Surface to, Rectangle drawn) {
    byte[] pixel = new byte[to.format().bytes()];
    int at = 0;
    for (int channel = 0; channel < to.format().channels(); channel++) {
      int color = file.get(A6xxBlit.RB_A2D_CLEAR_COLOR, channel);
      for (int i = 0; i < to.format().channelBytes(); i++) {
        pixel[at++] = (byte) (color >>> (Byte.SIZE * i));
      }
    }
    byte[] row = new byte[Math.max(0, drawn.width()) * pixel.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = pixel[i % pixel.length];
    }
    for (int y = drawn.top(); y <= drawn.bottom() && row.length > 0; y++) {
      storeRow(to.at(drawn.left(), y), row);
    }
  }

  private boolean copy(Surface to, Rectangle whole, Rectangle drawn, int destinationInfo) {
    int info = file.get(A6xxBlit.TPL1_A2D_SRC_TEXTURE_INFO);
    int sameBits = A6xxBlit.COLOR_FORMAT.mask() | A6xxBlit.COLOR_SWAP.mask() | A6xxBlit.SRGB.mask();
    Rectangle source =
        new Rectangle(
            file.get(A6xxBlit.GRAS_A2D_SRC_XMIN) >> A6xxBlit.SRC_SHIFT,
            file.get(A6xxBlit.GRAS_A2D_SRC_YMIN) >> A6xxBlit.SRC_SHIFT,
            file.get(A6xxBlit.GRAS_A2D_SRC_XMAX) >> A6xxBlit.SRC_SHIFT,
            file.get(A6xxBlit.GRAS_A2D_SRC_YMAX) >> A6xxBlit.SRC_SHIFT);
    boolean scaled = source.width() != whole.width() || source.height() != whole.height();
    if (format(info) == null || ((info ^ destinationInfo) & sameBits) != 0 || scaled) {
      return false;
    }
    int pitch = A6xxBlit.SRC_PITCH.get(file.get(A6xxBlit.TPL1_A2D_SRC_TEXTURE_PITCH));
    Surface from =
        new Surface(
            file.get(A6xxBlit.TPL1_A2D_SRC_TEXTURE_BASE), (long) PITCH_UNIT * pitch, to.format());
    byte[] row = new byte[Math.max(0, drawn.width()) * to.format().bytes()];
    for (int y = drawn.top(); y <= drawn.bottom() && row.length > 0; y++) {
      int sourceX = source.left() + drawn.left() - whole.left();
      int sourceY = source.top() + y - whole.top();
      loadRow(from.at(sourceX, sourceY), row);
      storeRow(to.at(drawn.left(), y), row);
    }
    return true;
  }

  private void loadRow(long iova, byte[] row) {
    for (int i = 0; i < row.length; i++) {
      long at = iova + i;
      row[i] = (byte) (bus.load32(at & -4) >>> (Byte.SIZE * (int) (at & 3)));
    }
  }

  private void storeRow(long iova, byte[] row) {
    bus.spend(dwordNs * Math.ceilDiv(row.length, Integer.BYTES));
    int i = 0;
    while (i < row.length) {
      long at = iova + i;
      int skew = (int) (at & 3);
      int count = Math.min(Integer.BYTES - skew, row.length - i);
      int value = count == Integer.BYTES ? 0 : bus.load32(at & -4);
      for (int b = 0; b < count; b++) {
        int shift = Byte.SIZE * (skew + b);
        value = (value & ~(0xff << shift)) | ((row[i + b] & 0xff) << shift);
      }
      bus.store32(at & -4, value);
      i += count;
    }
  }

  private static Rectangle rectangle(int first, int last) {
    return new Rectangle(
        first & XY_MASK, first >>> Y_SHIFT & XY_MASK, last & XY_MASK, last >>> Y_SHIFT & XY_MASK);
  }

  /** The format of a linear surface of one sample; null if it is none, or not modelled. */
  private static @Nullable Format format(int info) {
    boolean plain =
        A6xxBlit.TILE_MODE.get(info) == 0
            && !A6xxBlit.FLAGS.isSet(info)
            && A6xxBlit.COLOR_SWAP.get(info) == 0
            && A6xxBlit.SAMPLES.get(info) == 0;
    return plain ? formatOf(A6xxBlit.COLOR_FORMAT.get(info)) : null;
  }

  /** {@code enum a6xx_format}: those whose channels are all of 8, 16 or 32 bits. */
  private static @Nullable Format formatOf(int format) {
    return switch (format) {
      case 0x02, 0x03, 0x04, 0x05, 0x06 -> new Format(1, Byte.BYTES);
      case 0x0f, 0x10, 0x11, 0x12, 0x13 -> new Format(2, Byte.BYTES);
      case 0x15, 0x16, 0x17, 0x18, 0x19 -> new Format(1, Short.BYTES);
      case 0x30, 0x32, 0x33, 0x34 -> new Format(MAX_CHANNELS, Byte.BYTES);
      case 0x43, 0x44, 0x45, 0x46, 0x47 -> new Format(2, Short.BYTES);
      case 0x48, 0x49, 0x4a, 0x4b, 0x4c -> new Format(1, Integer.BYTES);
      case 0x60, 0x61, 0x62, 0x63, 0x64 -> new Format(MAX_CHANNELS, Short.BYTES);
      case 0x65, 0x66, 0x67, 0x68, 0x69 -> new Format(2, Integer.BYTES);
      case 0x80, 0x81, 0x82, 0x83, 0x84 -> new Format(MAX_CHANNELS, Integer.BYTES);
      default -> null;
    };
  }
}
