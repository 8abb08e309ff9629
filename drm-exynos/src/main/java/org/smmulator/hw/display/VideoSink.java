package org.smmulator.hw.display;

/** A receiver of frames: a panel, or a link with something at its end. */
public interface VideoSink {
  /** A frame begins. */
  void begin(int frameWidth, int frameHeight);

  /** Line {@code y} has come. */
  void line(int y, int[] rgb);

  /** The frame is complete. */
  void end();

  /** No frames are sent any more. */
  void blank();
}
