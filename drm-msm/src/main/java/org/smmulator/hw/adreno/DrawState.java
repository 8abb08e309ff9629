package org.smmulator.hw.adreno;

import static org.smmulator.hw.adreno.DataPackets.address;

import java.util.Arrays;

/**
 * The groups of packets that SET_DRAW_STATE hands over, to be run before the next draw: mostly
 * writes of registers.
 *
 * <p>A group runs when it is new and the render mode is one of those that it names; until A5xx,
 * where a group names none, always. The mode is what SET_MARKER said last.
 *
 * @implNote Unverified: that a group without a mode runs in none, and that a group cannot call
 *     buffers.
 */
final class DrawState {
  private static final int GROUPS = 32;
  private static final int DWORDS_EACH = 3;
  private static final int COUNT_MASK = 0xffff;
  private static final int DISABLE = 1 << 17;
  private static final int DISABLE_ALL = 1 << 18;
  private static final int LOAD_IMMEDIATELY = 1 << 19;
  private static final int MODES_SHIFT = 20;
  private static final int MODES_MASK = 0x7;
  private static final int ID_SHIFT = 24;
  private static final int ID_MASK = 0x1f;

  private static final int DIRECT_RENDER = 1;
  private static final int BIN_VISIBILITY = 2;
  private static final int BINNING = 1;
  private static final int GMEM = 2;
  private static final int SYSMEM = 4;

  /** Carries out the packets of a buffer on their own; says whether all were well formed. */
  interface Runner {
    boolean run(long iova, int dwords);
  }

  private final boolean hasModes;
  private final int[] dwords = new int[GROUPS];
  private final long[] iova = new long[GROUPS];
  private final int[] modes = new int[GROUPS];
  private int mode = SYSMEM;

  DrawState(boolean hasModes) {
    this.hasModes = hasModes;
  }

  /** SET_MARKER. */
  void setMode(int marker) {
    mode =
        switch (marker) {
          case DIRECT_RENDER -> SYSMEM;
          case BIN_VISIBILITY -> BINNING;
          default -> GMEM;
        };
  }

  /** Returns whether the render mode is among {@code mask}: binning, GMEM, system memory. */
  boolean isIn(int mask) {
    return (mask & mode) != 0;
  }

  /** SET_DRAW_STATE; says whether it was well formed. */
  boolean set(int[] payload, int count, Runner runner) {
    if (count % DWORDS_EACH != 0) {
      return false;
    }
    for (int i = 0; i < count; i += DWORDS_EACH) {
      if (!set(payload[i], address(payload, i + 1), runner)) {
        return false;
      }
    }
    return true;
  }

  private boolean set(int control, long at, Runner runner) {
    if ((control & DISABLE_ALL) != 0) {
      Arrays.fill(dwords, 0);
      return true;
    }
    int id = control >>> ID_SHIFT & ID_MASK;
    dwords[id] = (control & DISABLE) != 0 ? 0 : control & COUNT_MASK;
    iova[id] = at;
    modes[id] = control >>> MODES_SHIFT & MODES_MASK;
    return (control & LOAD_IMMEDIATELY) == 0 || load(id, runner);
  }

  /** Before a draw: runs every group that waits for one. */
  boolean load(Runner runner) {
    boolean ok = true;
    for (int id = 0; id < GROUPS && ok; id++) {
      ok = load(id, runner);
    }
    return ok;
  }

  private boolean load(int id, Runner runner) {
    int size = dwords[id];
    if (size == 0 || (hasModes && !isIn(modes[id]))) {
      return true;
    }
    dwords[id] = 0;
    return runner.run(iova[id], size);
  }

  void reset() {
    Arrays.fill(dwords, 0);
    mode = SYSMEM;
  }
}
