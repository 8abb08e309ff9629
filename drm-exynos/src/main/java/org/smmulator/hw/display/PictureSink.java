package org.smmulator.hw.display;

/** A taker of frames, line by line: a panel, or a part in front of one. */
public interface PictureSink {
  /** A frame begins. */
  void begin(int frameWidth, int frameHeight);

  /** Line {@code y} has come; the pixels are the caller's again afterwards. */
  void line(int y, int[] rgb);

  /** The frame is complete. */
  void end();

  /** No frames are sent any more. */
  void blank();
}
