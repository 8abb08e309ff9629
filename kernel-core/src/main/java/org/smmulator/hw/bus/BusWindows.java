package org.smmulator.hw.bus;

import com.google.common.collect.ImmutableList;

/**
 * A bus that shows its masters what is above it in some windows only, and there perhaps at other
 * addresses. A device tree says so with {@code dma-ranges}.
 */
public final class BusWindows implements Translator {
  /**
   * One run of addresses.
   *
   * @param busStart its start as masters on the bus see it
   * @param aboveStart its start as the bus above sees it
   */
  public record Window(long busStart, long aboveStart, long sizeBytes) {}

  private final ImmutableList<Window> windows;
  private final Translator above;

  /** A bus below {@code above}; what is in no window is refused. */
  public BusWindows(ImmutableList<Window> windows, Translator above) {
    this.windows = windows;
    this.above = above;
  }

  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      long offset = iova - window.busStart();
      if (Long.compareUnsigned(offset, window.sizeBytes()) < 0) {
        return above.translate(streamId, substreamId, window.aboveStart() + offset, access);
      }
    }
    return ABORT;
  }
}
