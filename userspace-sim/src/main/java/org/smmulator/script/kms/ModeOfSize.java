package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.LibDrmMode;

/** Modes of a wanted size. */
public final class ModeOfSize {
  static final ModeInfo NONE = new ModeInfo(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");

  private static final int CLOCK_KHZ = 100_000;
  private static final int SYNC = 8;

  private ModeOfSize() {}

  /**
   * The connector's own mode if it has that size, else one made up, which every link passes.
   *
   * @throws ErrnoException ENOENT
   */
  public static ModeInfo find(LibDrmMode card, int connector, int width, int height)
      throws ErrnoException {
    for (ModeInfo mode : card.connector(connector).modes()) {
      if (mode.hdisplay() == width && mode.vdisplay() == height) {
        return mode;
      }
    }
    return new ModeInfo(
        CLOCK_KHZ,
        width,
        width + SYNC,
        width + 2 * SYNC,
        width + 3 * SYNC,
        0,
        height,
        height + SYNC,
        height + 2 * SYNC,
        height + 3 * SYNC,
        0,
        0,
        0,
        ModeInfo.TYPE_USERDEF,
        width + "x" + height);
  }
}
