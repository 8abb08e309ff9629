package org.smmulator.hw.pixel;

/**
 * Conversions between red, green, blue and Y, Cb, Cr, eight bits each, by the equations of ITU-R
 * BT.601 and BT.709, in 16.16. Wide components use all of 0 to 255; of narrow ones Y is 16 to 235,
 * Cb and Cr 16 to 240.
 */
public final class YccColors {
  private static final int HALF = 1 << 15;
  private static final int CENTER = 128;
  private static final int BLACK = 16;

  private final int black;
  private final int[] toRgb;
  private final int[] toYcc;

  /**
   * Makes the conversions of one kind.
   *
   * @param hd BT.709, else BT.601
   * @param wide whether components use all values
   */
  public YccColors(boolean hd, boolean wide) {
    double red = hd ? 0.2126 : 0.299;
    double blue = hd ? 0.0722 : 0.114;
    int ySpan = wide ? 255 : 219;
    int cSpan = wide ? 255 : 224;
    this.black = wide ? 0 : BLACK;
    double green = 1 - red - blue;
    double yToRgb = 255.0 / ySpan;
    double crToRed = 2 * (1 - red) * 255 / cSpan;
    double cbToBlue = 2 * (1 - blue) * 255 / cSpan;
    this.toRgb =
        new int[] {
          fixed(yToRgb),
          fixed(crToRed),
          fixed(cbToBlue),
          fixed(crToRed * red / green),
          fixed(cbToBlue * blue / green)
        };
    double rgbToY = ySpan / 255.0;
    double toCb = cSpan / 255.0 / (2 * (1 - blue));
    double toCr = cSpan / 255.0 / (2 * (1 - red));
    this.toYcc =
        new int[] {
          fixed(red * rgbToY),
          fixed(green * rgbToY),
          fixed(blue * rgbToY),
          fixed(-red * toCb),
          fixed(-green * toCb),
          fixed((1 - blue) * toCb),
          fixed((1 - red) * toCr),
          fixed(-green * toCr),
          fixed(-blue * toCr)
        };
  }

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << 16));
  }

  /** Converts {@code count} pixels of {@code 0x00YYBBRR} to {@code 0x00RRGGBB}, in place. */
  public void toRgb(int[] pixels, int count) {
    for (int i = 0; i < count; i++) {
      int pixel = pixels[i];
      int y = ((pixel >>> 16 & 0xff) - black) * toRgb[0] + HALF;
      int cb = (pixel >>> 8 & 0xff) - CENTER;
      int cr = (pixel & 0xff) - CENTER;
      int r = clamp((y + cr * toRgb[1]) >> 16);
      int g = clamp((y - cr * toRgb[3] - cb * toRgb[4]) >> 16);
      int b = clamp((y + cb * toRgb[2]) >> 16);
      pixels[i] = r << 16 | g << 8 | b;
    }
  }

  /** Converts back, in place. */
  public void toYcc(int[] pixels, int count) {
    for (int i = 0; i < count; i++) {
      int pixel = pixels[i];
      int r = pixel >>> 16 & 0xff;
      int g = pixel >>> 8 & 0xff;
      int b = pixel & 0xff;
      int y = clamp(black + ((r * toYcc[0] + g * toYcc[1] + b * toYcc[2] + HALF) >> 16));
      int cb = clamp(CENTER + ((r * toYcc[3] + g * toYcc[4] + b * toYcc[5] + HALF) >> 16));
      int cr = clamp(CENTER + ((r * toYcc[6] + g * toYcc[7] + b * toYcc[8] + HALF) >> 16));
      pixels[i] = y << 16 | cb << 8 | cr;
    }
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 0xff);
  }
}
