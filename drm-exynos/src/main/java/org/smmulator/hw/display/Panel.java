package org.smmulator.hw.display;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A panel: it shows each line as it comes, so that a frame that breaks off is torn. Pixels are
 * eight bits each of red, green and blue, from the top down.
 *
 * <p>Not modelled: encoders in front of it, because they change no pixel.
 */
public final class Panel implements PictureSink {
  private int width;
  private int height;
  private int[] pixels = {};
  private long frames;
  private @Nullable Consumer<Panel> watcher;

  /** Has {@code onFrame} look at the panel after each frame that is complete. */
  public void watch(Consumer<Panel> onFrame) {
    watcher = onFrame;
  }

  /** {@inheritDoc} One of another size than the last clears the panel. */
  @Override
  public void begin(int frameWidth, int frameHeight) {
    if (frameWidth != width || frameHeight != height) {
      width = frameWidth;
      height = frameHeight;
      pixels = new int[frameWidth * frameHeight];
    }
  }

  @Override
  public void line(int y, int[] rgb) {
    System.arraycopy(rgb, 0, pixels, y * width, width);
  }

  @Override
  public void end() {
    frames++;
    if (watcher != null) {
      watcher.accept(this);
    }
  }

  /** {@inheritDoc} The panel turns black. */
  @Override
  public void blank() {
    Arrays.fill(pixels, 0);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns the colour of a pixel: eight bits each of red, green and blue. */
  public int pixel(int x, int y) {
    return pixels[y * width + x] & 0xff_ffff;
  }

  /** Returns how many frames were complete. */
  public long frames() {
    return frames;
  }
}
