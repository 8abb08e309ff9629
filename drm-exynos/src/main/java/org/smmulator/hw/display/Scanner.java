package org.smmulator.hw.display;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.engines.Worker;

/**
 * Sends frames to a panel at its refresh: line by line, windows blended over black in their order.
 */
public final class Scanner {
  /** Of 16 parts of a refresh, those that the lines take; the rest is blanking. */
  private static final int ACTIVE_SIXTEENTHS = 15;

  private final Timebase timebase;
  private final long refreshNs;
  private final Worker worker;
  private final ImmutableList<ScanWindow> windows;
  private final PictureSink panel;
  private final int[] line;

  /**
   * Makes a scanner.
   *
   * @param refreshNs from a frame to the next
   * @param worker whose process sends the frames
   * @param maxWidth the most pixels of a line
   */
  public Scanner(
      Timebase timebase,
      long refreshNs,
      Worker worker,
      ImmutableList<ScanWindow> windows,
      PictureSink panel,
      int maxWidth) {
    this.timebase = timebase;
    this.refreshNs = refreshNs;
    this.worker = worker;
    this.windows = windows;
    this.panel = panel;
    this.line = new int[maxWidth];
  }

  /** Waits for the panel's next refresh; returns whether nobody has stopped the process. */
  public boolean awaitRefresh(int ticket) {
    return worker.spend(ticket, refreshNs - timebase.nowNs() % refreshNs);
  }

  /** Sends a frame; returns whether nobody has stopped it. */
  public boolean send(int ticket, int width, int height) {
    panel.begin(width, height);
    long lineNs = refreshNs * ACTIVE_SIXTEENTHS / 16 / height;
    for (int y = 0; y < height; y++) {
      if (!compose(ticket, y, width)) {
        return false;
      }
      panel.line(y, line);
      if (!worker.spend(ticket, lineNs)) {
        return false;
      }
    }
    panel.end();
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
