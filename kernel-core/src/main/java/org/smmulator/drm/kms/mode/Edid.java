package org.smmulator.drm.kms.mode;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * A monitor's description of itself: a block of 128 bytes, and as many more as that says. VESA
 * E-EDID; CTA-861 for the first kind of further block. Kernel: {@code struct drm_edid}, {@code
 * drm_edid.c}.
 *
 * <p>Left out: standard timings, timings computed from ranges (CVT, GTF), the other clock of a
 * CTA-861 timing (59.94 Hz beside 60), VICs that are not in the table here, what HDMI's and other
 * data blocks add, DisplayID, quirks of monitors, the override of the number of blocks (HF-EEODB),
 * and interlaced timings, which no connector here takes.
 */
public final class Edid {
  /** The size of a block. */
  public static final int BLOCK_BYTES = 128;

  private static final int EXTENSIONS = 126;
  private static final ImmutableIntArray HEADER =
      ImmutableIntArray.of(0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00);
  private static final int VERSION = 18;
  private static final int REVISION = 19;

  /** From this revision on the first detailed timing is the preferred one. */
  private static final int FIRST_THAT_PREFERS = 4;

  private static final int WIDTH_CM = 21;
  private static final int HEIGHT_CM = 22;
  private static final int FEATURES = 24;
  private static final int FEATURE_PREFERRED_TIMING = 1 << 1;
  private static final int ESTABLISHED = 35;
  private static final int DETAILED = 54;
  private static final int DETAILED_COUNT = 4;
  private static final int DETAILED_BYTES = 18;
  private static final int CTA_TAG = 2;
  private static final int CTA_DETAILED = 2;
  private static final int CTA_DATA = 4;
  private static final int CTA_VIDEO = 2;

  private final byte[] bytes;

  private Edid(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes bytes as they are. */
  public static Edid of(byte[] bytes) {
    return new Edid(bytes.clone());
  }

  /** The blocks that follow the first, as that says. */
  public static int extensions(byte[] firstBlock) {
    return firstBlock[EXTENSIONS] & 0xff;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Returns whether all blocks are there and in order; a CTA-861 block may have a wrong checksum.
   * Kernel: {@code drm_edid_valid()}.
   */
  public boolean isValid() {
    if (bytes.length < BLOCK_BYTES || bytes.length != (extensions(bytes) + 1) * BLOCK_BYTES) {
      return false;
    }
    for (int i = 0; i < HEADER.length(); i++) {
      if (at(i) != HEADER.get(i)) {
        return false;
      }
    }
    if (at(VERSION) != 1 || !sumsUp(0)) {
      return false;
    }
    for (int block = BLOCK_BYTES; block < bytes.length; block += BLOCK_BYTES) {
      if (at(block) != CTA_TAG && !sumsUp(block)) {
        return false;
      }
    }
    return true;
  }

  private boolean sumsUp(int block) {
    int sum = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      sum += at(block + i);
    }
    return (sum & 0xff) == 0;
  }

  private int at(int offset) {
    return bytes[offset] & 0xff;
  }

  public int widthMm() {
    return 10 * at(WIDTH_CM);
  }

  public int heightMm() {
    return 10 * at(HEIGHT_CM);
  }

  /**
   * The timings, the preferred one first, then by size and refresh. Kernel: {@code
   * drm_edid_connector_add_modes()}, {@code drm_connector_list_update()}, {@code drm_mode_sort()}.
   */
  public ImmutableList<DisplayMode> modes() {
    List<ModeInfo> found = new ArrayList<>();
    boolean prefers =
        at(REVISION) >= FIRST_THAT_PREFERS || (at(FEATURES) & FEATURE_PREFERRED_TIMING) != 0;
    for (int i = 0; i < DETAILED_COUNT; i++) {
      addDetailed(found, DETAILED + i * DETAILED_BYTES, prefers && found.isEmpty());
    }
    for (int block = BLOCK_BYTES; block < bytes.length; block += BLOCK_BYTES) {
      if (at(block) == CTA_TAG) {
        addCtaDetailed(found, block);
      }
    }
    int established =
        at(ESTABLISHED) | at(ESTABLISHED + 1) << 8 | (at(ESTABLISHED + 2) & 0x80) << 9;
    for (int bit = 0; bit < KnownTimings.ESTABLISHED.size(); bit++) {
      if ((established >>> bit & 1) != 0) {
        addOnce(found, KnownTimings.ESTABLISHED.get(bit));
      }
    }
    for (int block = BLOCK_BYTES; block < bytes.length; block += BLOCK_BYTES) {
      if (at(block) == CTA_TAG) {
        addCtaVideo(found, block);
      }
    }
    return found.stream()
        .filter(mode -> (mode.flags() & ModeInfo.FLAG_INTERLACE) == 0)
        .flatMap(Edid::looked)
        .sorted(BEST_FIRST)
        .collect(ImmutableList.toImmutableList());
  }

  private static final Comparator<DisplayMode> BEST_FIRST =
      Comparator.<DisplayMode>comparingInt(mode -> -(mode.info().type() & ModeInfo.TYPE_PREFERRED))
          .thenComparingInt(mode -> -mode.width() * mode.height())
          .thenComparingInt(mode -> -mode.info().vrefresh())
          .thenComparingInt(mode -> -mode.info().clock());

  /** A timing that no display could have is left out. */
  private static Stream<DisplayMode> looked(ModeInfo mode) {
    try {
      return Stream.of(DisplayMode.fromUser(mode));
    } catch (ErrnoException e) {
      return Stream.empty();
    }
  }

  private static void addOnce(List<ModeInfo> found, ModeInfo mode) {
    DisplayMode wanted = new DisplayMode(mode);
    if (found.stream().noneMatch(other -> new DisplayMode(other).hasTimingsOf(wanted))) {
      found.add(mode);
    }
  }

  // ---- detailed timings

  private void addCtaDetailed(List<ModeInfo> found, int block) {
    int first = at(block + CTA_DETAILED);
    if (first < CTA_DATA) {
      return;
    }
    for (int i = first; i + DETAILED_BYTES < BLOCK_BYTES; i += DETAILED_BYTES) {
      addDetailed(found, block + i, false);
    }
  }

  /** Kernel: {@code drm_mode_detailed()}. */
  private void addDetailed(List<ModeInfo> found, int from, boolean preferred) {
    int clock = 10 * (at(from) | at(from + 1) << 8);
    if (clock == 0) {
      return; // a descriptor of something else
    }
    int width = at(from + 2) | (at(from + 4) & 0xf0) << 4;
    int horizontalBlank = at(from + 3) | (at(from + 4) & 0xf) << 8;
    int height = at(from + 5) | (at(from + 7) & 0xf0) << 4;
    int verticalBlank = at(from + 6) | (at(from + 7) & 0xf) << 8;
    int high = at(from + 11);
    int hsyncOffset = at(from + 8) | (high & 0xc0) << 2;
    int hsyncWidth = at(from + 9) | (high & 0x30) << 4;
    int vsyncOffset = at(from + 10) >>> 4 | (high & 0xc) << 2;
    int vsyncWidth = (at(from + 10) & 0xf) | (high & 0x3) << 4;
    int misc = at(from + 17);
    boolean tiny = width < 64 || height < 64;
    boolean stereo = (misc & 1 << 5) != 0;
    if (tiny || stereo || hsyncWidth == 0 || vsyncWidth == 0) {
      return;
    }
    int hsync = width + hsyncOffset;
    int vsync = height + vsyncOffset;
    int flags =
        ((misc & 1 << 1) != 0 ? ModeInfo.FLAG_PHSYNC : ModeInfo.FLAG_NHSYNC)
            | ((misc & 1 << 2) != 0 ? ModeInfo.FLAG_PVSYNC : ModeInfo.FLAG_NVSYNC)
            | ((misc & 1 << 7) != 0 ? ModeInfo.FLAG_INTERLACE : 0);
    addOnce(
        found,
        new ModeInfo(
            clock,
            width,
            hsync,
            Math.min(hsync + hsyncWidth, width + horizontalBlank),
            width + horizontalBlank,
            0,
            height,
            vsync,
            Math.min(vsync + vsyncWidth, height + verticalBlank),
            height + verticalBlank,
            0,
            0,
            flags,
            ModeInfo.TYPE_DRIVER | (preferred ? ModeInfo.TYPE_PREFERRED : 0),
            width + "x" + height));
  }

  // ---- timings that CTA-861 numbers

  /** Kernel: {@code add_cta_vdb_modes()}. */
  private void addCtaVideo(List<ModeInfo> found, int block) {
    int end = at(block + CTA_DETAILED) == 0 ? BLOCK_BYTES - 1 : at(block + CTA_DETAILED);
    for (int i = CTA_DATA; i < Math.min(end, BLOCK_BYTES - 1); i += 1 + (at(block + i) & 0x1f)) {
      int length = at(block + i) & 0x1f;
      if (at(block + i) >>> 5 != CTA_VIDEO || i + length >= BLOCK_BYTES) {
        continue;
      }
      for (int k = 1; k <= length; k++) {
        ModeInfo known = KnownTimings.VICS.get(vic(at(block + i + k)));
        if (known != null) {
          addOnce(found, known);
        }
      }
    }
  }

  /** A code with a bit that says native, where codes are small. Kernel: {@code svd_to_vic()}. */
  private static int vic(int code) {
    return code >= 129 && code <= 192 ? code & 0x7f : code;
  }
}
