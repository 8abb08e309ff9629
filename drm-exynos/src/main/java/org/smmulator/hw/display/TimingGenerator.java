package org.smmulator.hw.display;

import java.util.ArrayList;
import java.util.List;

/** The clock of frames: a fixed one, or one that a link makes while it runs. */
public final class TimingGenerator {
  private final List<Runnable> onChange = new ArrayList<>();
  private long frameNs;

  /** Makes one that stands still. */
  public TimingGenerator() {}

  /** Makes one that always runs; {@code frameNs} from a frame to the next. */
  public static TimingGenerator fixed(long frameNs) {
    TimingGenerator made = new TimingGenerator();
    made.frameNs = frameNs;
    return made;
  }

  /** From a frame to the next; 0 while there are none. */
  public long frameNs() {
    return frameNs;
  }

  /** Changes the rate, or stops with 0, and has what is sent looked at again. */
  public void set(long newFrameNs) {
    frameNs = newFrameNs;
    onChange.forEach(Runnable::run);
  }

  /** Runs {@code action} whenever a frame is wanted that may not be like the last one. */
  public void onChange(Runnable action) {
    onChange.add(action);
  }
}
