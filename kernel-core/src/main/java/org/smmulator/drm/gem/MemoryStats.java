package org.smmulator.drm.gem;

import java.util.Locale;
import org.smmulator.dmabuf.Usage;

/**
 * The memory of one file's buffers, in the lines of fdinfo that {@code drm-usage-stats.rst} names.
 * Kernel: {@code struct drm_memory_stats}.
 */
final class MemoryStats {
  private static final String[] UNITS = {"", " KiB", " MiB"};

  private long sharedBytes;
  private long privateBytes;
  private long residentBytes;
  private long purgeableBytes;
  private long activeBytes;
  private boolean anyActive;
  private int anyStatus;

  /** Counts a buffer, once for each of its handles. Kernel: {@code drm_show_memory_stats()}. */
  void add(GemObject object) {
    long bytes = object.sizeBytes();
    int status = object.status();
    anyStatus |= status;
    if (object.handleCount() > 1 || object.dmaBuf() != null) {
      sharedBytes += bytes;
    } else {
      privateBytes += bytes;
    }
    boolean resident = (status & GemObject.RESIDENT) != 0;
    boolean active = !object.reservation().isSignaled(Usage.toWaitFor(true));
    if (resident) {
      residentBytes += bytes;
    }
    if (active) {
      activeBytes += bytes;
      anyActive = true;
    }
    if (resident && !active && (status & GemObject.PURGEABLE) != 0) {
      purgeableBytes += bytes;
    }
  }

  /**
   * The lines; of what no buffer was found in there is none. Kernel: {@code
   * drm_print_memory_stats()}.
   */
  String show() {
    StringBuilder lines = new StringBuilder();
    line(lines, "total", privateBytes + sharedBytes);
    line(lines, "shared", sharedBytes);
    if (anyActive) {
      line(lines, "active", activeBytes);
    }
    if ((anyStatus & GemObject.RESIDENT) != 0) {
      line(lines, "resident", residentBytes);
    }
    if ((anyStatus & GemObject.PURGEABLE) != 0) {
      line(lines, "purgeable", purgeableBytes);
    }
    return lines.toString();
  }

  /** Kernel: {@code drm_fdinfo_print_size()}. */
  private static void line(StringBuilder lines, String what, long bytes) {
    int unit = 0;
    long size = bytes;
    while (unit < UNITS.length - 1 && size != 0 && size % 1024 == 0) {
      size /= 1024;
      unit++;
    }
    lines.append(String.format(Locale.ROOT, "drm-%s-memory:\t%d%s\n", what, size, UNITS[unit]));
  }
}
