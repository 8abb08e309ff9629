package org.smmulator.hw.display;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.engines.Worker;

/**
 * Sends frames at the rate of a timing generator: line by line, windows blended over black in their
 * order.
 */
public final class Scanner {
  /** Of 16 parts of a refresh, those that the lines take; the rest is blanking. */
  private static final int ACTIVE_SIXTEENTHS = 15;

  private final Timebase timebase;
  private final TimingGenerator timing;
  private final Worker worker;
  private final ImmutableList<ScanWindow> windows;
  private final PictureSink sink;
  private final int[] line;

  /**
   * Makes a scanner.
   *
   * @param timing says how often
   * @param worker whose process sends the frames
   * @param maxWidth the most pixels of a line
   */
  public Scanner(
      Timebase timebase,
      TimingGenerator timing,
      Worker worker,
      ImmutableList<ScanWindow> windows,
      PictureSink sink,
      int maxWidth) {
    this.timebase = timebase;
    this.timing = timing;
    this.worker = worker;
    this.windows = windows;
    this.sink = sink;
    this.line = new int[maxWidth];
  }

  /** Waits for the next frame; returns whether nobody has stopped the process. */
  public boolean awaitRefresh(int ticket) {
    return awaitField(ticket, 1);
  }

  /**
   * Waits for the next field; returns whether nobody has stopped the process or the timing.
   *
   * @param fields of a frame
   */
  public boolean awaitField(int ticket, int fields) {
    long fieldNs = timing.frameNs() / fields;
    return fieldNs != 0 && worker.spend(ticket, fieldNs - timebase.nowNs() % fieldNs);
  }

  /** Sends a frame; returns whether nobody has stopped it. */
  public boolean send(int ticket, int width, int height) {
    return sendField(ticket, width, height, 0, 1);
  }

  /**
   * Sends each line of a frame that belongs to a field; returns whether nobody has stopped it.
   *
   * @param first line of the field
   * @param fields of a frame
   */
  public boolean sendField(int ticket, int width, int height, int first, int fields) {
    sink.begin(width, height);
    long lineNs = timing.frameNs() * ACTIVE_SIXTEENTHS / 16 / height;
    for (int y = first; y < height; y += fields) {
      if (!compose(ticket, y, width)) {
        return false;
      }
      sink.line(y, line);
      if (!worker.spend(ticket, lineNs)) {
        return false;
      }
    }
    sink.end();
    return true;
  }

  private boolean compose(int ticket, int y, int width) {
    Arrays.fill(line, 0, width, 0);
    for (int i = 0; i < windows.size(); i++) {
      ScanWindow window = windows.get(i);
      if (window.covers(y)) {
        window.fetch(y);
        if (!worker.current(ticket)) {
          return false;
        }
        window.blendOver(line, width);
      }
    }
    return true;
  }
}
