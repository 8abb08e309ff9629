package org.smmulator.hw.display;

import static org.smmulator.hw.pixel.PixelMath.five;
import static org.smmulator.hw.pixel.PixelMath.product;
import static org.smmulator.hw.pixel.PixelMath.six;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;

/**
 * One window of a display controller as it is scanned out: what its registers said when they were
 * taken over. A line makes no garbage.
 */
public final class ScanWindow {
  private static final int MAX_LINE_BYTES = 1 << 14;
  private static final int ALL = 0xff;

  /** For layouts that neither FIMD nor DECON has. */
  private static final int NO_BPPMODE = -1;

  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The layout of pixels in memory. */
  public enum Layout {
    /** An index of a palette; palettes are not modelled, and all their colours are black. */
    PALETTE(1, 0x3),
    RGB565(2, 0x5),
    XRGB1555(2, 0x7),
    XRGB8888(4, 0xb),
    ARGB8888(4, 0xd),
    ARGB1555(2, NO_BPPMODE),
    ARGB4444(2, NO_BPPMODE);

    private final int bytes;
    private final int code;

    Layout(int bytes, int code) {
      this.bytes = bytes;
      this.code = code;
    }

    /** The bytes of a pixel. */
    public int bytes() {
      return bytes;
    }

    private boolean hasAlpha() {
      return this == ARGB8888 || this == ARGB1555 || this == ARGB4444;
    }

    /** The layout that BPPMODE names, in FIMD and in DECON; one that is not modelled is 32 bits. */
    public static Layout of(int bppMode) {
      for (Layout each : values()) {
        if (each.code == bppMode) {
          return each;
        }
      }
      return XRGB8888;
    }
  }

  /**
   * The place on the display.
   *
   * @param right the last column
   * @param bottom the last row
   */
  public record Place(int left, int top, int right, int bottom) {}

  /**
   * The place of the pixels in memory.
   *
   * @param gapBytes from the end of a line to the next
   * @param reversed whether red and blue change places
   * @param repeat how often each of them is shown
   */
  public record Source(
      int address, int lineBytes, int gapBytes, Layout layout, boolean reversed, Repeat repeat) {
    /** Pixels that are shown once. */
    public Source(int address, int lineBytes, int gapBytes, Layout layout, boolean reversed) {
      this(address, lineBytes, gapBytes, layout, reversed, Repeat.ONCE);
    }
  }

  /**
   * How often a picture's parts are shown.
   *
   * @param columns for each pixel of a line
   * @param rows for each line
   */
  public record Repeat(int columns, int rows) {
    public static final Repeat ONCE = new Repeat(1, 1);
  }

  /**
   * The way that a window is mixed with what is below.
   *
   * @param ofPixel whether alpha comes from the pixel, else from the window
   * @param multiplied whether alpha is the product of both
   * @param ofWindow the window's alpha
   * @param own the factor of the window, as the equation's register has it
   * @param below the factor of what is below
   */
  public record Mix(boolean ofPixel, boolean multiplied, int ofWindow, int own, int below) {
    /** Factors; any other one is zero. */
    public static final int ONE = 0x1;

    /** The alpha of the pixel, of the window, or their product. */
    public static final int ALPHA_A = 0x2;

    public static final int ONE_MINUS_ALPHA_A = 0x3;

    /** The window's alpha. */
    public static final int ALPHA0 = 0x6;

    /** For the lowest window, which hides what is below. */
    public static Mix opaque() {
      return new Mix(false, false, ALL, ONE, 0);
    }

    private int alpha(int pixel) {
      if (!ofPixel) {
        return ofWindow;
      }
      return multiplied ? product(pixel >>> 24, ofWindow) : pixel >>> 24;
    }

    private int factor(int function, int alpha) {
      return switch (function) {
        case ONE -> ALL;
        case ALPHA_A -> alpha;
        case ONE_MINUS_ALPHA_A -> ALL - alpha;
        case ALPHA0 -> ofWindow;
        default -> 0;
      };
    }
  }

  private final BusMaster memory;
  private final MemorySegment line = MemorySegment.ofArray(new byte[MAX_LINE_BYTES]);
  private @Nullable Place place;
  private Source source = new Source(0, 0, 0, Layout.XRGB8888, false);
  private Mix mix = Mix.opaque();

  /** Makes a window that shows nothing, and fetches through {@code memory}. */
  public ScanWindow(BusMaster memory) {
    this.memory = memory;
  }

  /** Shows pixels from the next line on. */
  public void show(Place where, Source what, Mix how) {
    place = where;
    source = what;
    mix = how;
  }

  /** Shows nothing any more. */
  public void hide() {
    place = null;
  }

  /** Returns whether the window shows a part of line {@code y} of the frame. */
  public boolean covers(int y) {
    return place != null && y >= place.top && y <= place.bottom;
  }

  /**
   * Fetches the window's part of line {@code y} of the frame. Nothing of it is shown before {@link
   * #blendOver}, which is not called if the frame was stopped meanwhile.
   */
  public void fetch(int y) {
    if (place == null) {
      return;
    }
    long stride = (long) source.lineBytes + source.gapBytes;
    memory.read(
        Integer.toUnsignedLong(source.address) + (y - place.top) / source.repeat.rows * stride,
        line,
        0,
        source.lineBytes);
  }

  /** Blends what was fetched over {@code below}, the line of the frame. */
  public void blendOver(int[] below, int frameWidth) {
    if (place == null) {
      return;
    }
    int left = place.left;
    int columns = source.repeat.columns;
    int fetched = source.lineBytes / source.layout.bytes * columns;
    int end = Math.min(Math.min(place.right + 1, frameWidth), left + fetched);
    boolean asTheyAre = source.layout.bytes == Integer.BYTES && !source.reversed && columns == 1;
    if (asTheyAre && isOpaque()) {
      MemorySegment.copy(line, U32, 0, below, left, Math.max(0, end - left));
      return;
    }
    for (int x = left; x < end; x++) {
      below[x] = blend(pixel((x - left) / columns), below[x]);
    }
  }

  /** Returns whether what is below a pixel never shows, so that pixels can be moved as they are. */
  private boolean isOpaque() {
    boolean varies = mix.ofPixel && source.layout.hasAlpha();
    int alpha = mix.ofPixel ? ALL : mix.ofWindow;
    return !varies && mix.factor(mix.own, alpha) == ALL && mix.factor(mix.below, alpha) == 0;
  }

  private int pixel(int x) {
    int argb =
        switch (source.layout) {
          case PALETTE -> 0xff00_0000;
          case RGB565 -> rgb565(line.get(U16, 2L * x));
          case XRGB1555 -> rgb555(line.get(U16, 2L * x));
          case XRGB8888 -> line.get(U32, 4L * x) | 0xff00_0000;
          case ARGB8888 -> line.get(U32, 4L * x);
          case ARGB1555 -> argb1555(line.get(U16, 2L * x));
          case ARGB4444 -> argb4444(line.get(U16, 2L * x));
        };
    return source.reversed
        ? (argb & 0xff00_ff00) | ((argb & ALL) << 16) | ((argb >>> 16) & ALL)
        : argb;
  }

  private static int rgb565(int bits) {
    return 0xff00_0000 | five(bits >>> 11) << 16 | six(bits >>> 5) << 8 | five(bits);
  }

  private static int rgb555(int bits) {
    return 0xff00_0000 | five(bits >>> 10) << 16 | five(bits >>> 5) << 8 | five(bits);
  }

  private static int argb1555(int bits) {
    return (rgb555(bits) & 0xff_ffff) | (bits >>> 15 & 1) * 0xff00_0000;
  }

  private static int argb4444(int bits) {
    int spread = (bits & 0xf000) << 12 | (bits & 0xf00) << 8 | (bits & 0xf0) << 4 | (bits & 0xf);
    return spread | spread << 4;
  }

  private int blend(int pixel, int below) {
    int alpha = mix.alpha(pixel);
    int own = mix.factor(mix.own, alpha);
    int others = mix.factor(mix.below, alpha);
    if (own == ALL && others == 0) {
      return pixel;
    }
    int made = 0;
    for (int shift = 0; shift < 24; shift += Byte.SIZE) {
      int sum = product(pixel >>> shift & ALL, own) + product(below >>> shift & ALL, others);
      made |= Math.min(sum, ALL) << shift;
    }
    return made;
  }
}
