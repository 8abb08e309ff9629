package org.smmulator.drm.kms.mode;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * A monitor's description of itself: a block of 128 bytes, and as many more as that says. VESA
 * E-EDID; CTA-861 for the first kind of further block. Kernel: {@code struct drm_edid}, {@code
 * drm_edid.c}.
 *
 * <p>Left out: the secondary curve of GTF; timings inferred from ranges; what HDMI's and other data
 * blocks add but that a monitor is one of HDMI; DisplayID, quirks of monitors, and the override of
 * the number of blocks (HF-EEODB).
 */
public final class Edid {
  /** The size of a block. */
  public static final int BLOCK_BYTES = 128;

  private static final int EXTENSIONS = 126;
  private static final ImmutableIntArray HEADER =
      ImmutableIntArray.of(0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00);

  /** Bytes of the header that have to be right for the others to be mended. */
  private static final int LEAST_OF_HEADER = 6;

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
  private static final int CTA_VENDOR = 3;

  /** {@code HDMI_IEEE_OUI}. */
  private static final int HDMI_OUI = 0x000c03;

  private static final int INPUT = 20;
  private static final int INPUT_DIGITAL = 1 << 7;
  private static final int STANDARD = 38;
  private static final int STANDARD_COUNT = 8;
  private static final int DESCRIPTOR_STANDARD = 0xfa;
  private static final int DESCRIPTOR_ESTABLISHED = 0xf7;
  private static final int DESCRIPTOR_RANGE = 0xfd;
  private static final int DESCRIPTOR_DATA = 5;
  private static final int STANDARD_IN_DESCRIPTOR = 6;
  private static final int RANGE_GTF = 0x00;
  private static final int RANGE_GTF2 = 0x02;
  private static final int RANGE_CVT = 0x04;
  private static final int DESCRIPTOR_CVT = 0xf8;
  private static final int CVT_CODES = 4;

  /** By the bits of a CVT code; that of bit 0 is for short blanks, which Linux passes over. */
  private static final ImmutableIntArray CVT_RATES = ImmutableIntArray.of(60, 85, 75, 60, 50);

  private static final int FIRST_WITH_GTF = 2;
  private static final int FIRST_WITH_CVT = 3;
  private static final int CVT_REDUCED = 0x10;

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
    return (sum(bytes, block) & 0xff) == 0;
  }

  private static int sum(byte[] from, int block) {
    int sum = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      sum += from[block + i];
    }
    return sum;
  }

  // ---- block by block, as they come

  /**
   * Returns whether one block is in order. Kernel: {@code edid_block_check()}, {@code
   * edid_block_status_valid()}.
   */
  static boolean isBlockValid(byte[] block, boolean isFirst) {
    if (isFirst && (headerBytes(block) != HEADER.length() || block[VERSION] != 1)) {
      return false;
    }
    return (!isFirst && block[0] == CTA_TAG) || (sum(block, 0) & 0xff) == 0;
  }

  private static int headerBytes(byte[] block) {
    int right = 0;
    for (int i = 0; i < HEADER.length(); i++) {
      right += (block[i] & 0xff) == HEADER.get(i) ? 1 : 0;
    }
    return right;
  }

  /** Mends a header of which two bytes at most are wrong. Kernel: {@code edid_header_fix()}. */
  static void repairHeader(byte[] block) {
    if (headerBytes(block) >= LEAST_OF_HEADER) {
      for (int i = 0; i < HEADER.length(); i++) {
        block[i] = (byte) HEADER.get(i);
      }
    }
  }

  /**
   * The same without the blocks after the first {@code kept}. Kernel: {@code
   * edid_filter_invalid_blocks()}.
   */
  Edid withBlocks(int kept) {
    if (bytes.length == kept * BLOCK_BYTES) {
      return this;
    }
    byte[] fewer = Arrays.copyOf(bytes, kept * BLOCK_BYTES);
    fewer[EXTENSIONS] = (byte) (kept - 1);
    fewer[BLOCK_BYTES - 1] -= (byte) sum(fewer, 0);
    return new Edid(fewer);
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
    if (at(REVISION) >= FIRST_WITH_CVT) {
      descriptors(DESCRIPTOR_CVT).forEach(from -> addCvt(found, from));
    }
    addStandard(found);
    int established =
        at(ESTABLISHED) | at(ESTABLISHED + 1) << 8 | (at(ESTABLISHED + 2) & 0x80) << 9;
    for (int bit = 0; bit < KnownTimings.ESTABLISHED.size(); bit++) {
      if ((established >>> bit & 1) != 0) {
        addOnce(found, KnownTimings.ESTABLISHED.get(bit));
      }
    }
    descriptors(DESCRIPTOR_ESTABLISHED).forEach(from -> addEstablished3(found, from));
    boolean hasCta = false;
    for (int block = BLOCK_BYTES; block < bytes.length; block += BLOCK_BYTES) {
      if (at(block) == CTA_TAG) {
        hasCta = true;
        addCtaVideo(found, block);
      }
    }
    if (hasCta) {
      addAlternates(found);
    }
    return sorted(found);
  }

  /**
   * The modes of a monitor that says nothing of itself: VESA's up to a size, below 62 Hz. Kernel:
   * {@code drm_add_modes_noedid()}.
   */
  public static ImmutableList<DisplayMode> modesWithoutEdid(int width, int height) {
    return sorted(
        DmtTimings.ALL.stream()
            .filter(mode -> mode.hdisplay() <= width && mode.vdisplay() <= height)
            .filter(mode -> new DisplayMode(mode).refreshHz() <= 61)
            .toList());
  }

  private static ImmutableList<DisplayMode> sorted(List<ModeInfo> found) {
    return found.stream()
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

  // ---- standard and established timings

  /** Kernel: {@code add_standard_modes()}. */
  private void addStandard(List<ModeInfo> found) {
    for (int i = 0; i < STANDARD_COUNT; i++) {
      addStandard(found, STANDARD + 2 * i);
    }
    for (int from : descriptors(DESCRIPTOR_STANDARD)) {
      for (int i = 0; i < STANDARD_IN_DESCRIPTOR; i++) {
        addStandard(found, from + DESCRIPTOR_DATA + 2 * i);
      }
    }
  }

  /** Kernel: {@code drm_mode_std()}. */
  private void addStandard(List<ModeInfo> found, int from) {
    int code = at(from);
    int rest = at(from + 1);
    if ((code == 0 && rest == 0) || (code == 1 && rest == 1) || (code == 0x20 && rest == 0x20)) {
      return;
    }
    int width = 8 * code + 248;
    int refresh = (rest & 0x3f) + 60;
    if (refresh == 60 && (width == 1360 || width == 1368) && rest >>> 6 == 3) {
      addWideXga(found); // of televisions: 1366x768, which is no multiple of 8
      return;
    }
    int height =
        switch (rest >>> 6) {
          case 0 -> at(REVISION) < 3 ? width : width * 10 / 16;
          case 1 -> width * 3 / 4;
          case 2 -> width * 4 / 5;
          default -> width * 9 / 16;
        };
    boolean known =
        found.stream()
            .anyMatch(mode ->
                mode.hdisplay() == width
                    && mode.vdisplay() == height
                    && new DisplayMode(mode).refreshHz() == refresh);
    if (known) {
      return;
    }
    ModeInfo timing = vesa(width, height, refresh);
    if (timing == null) {
      timing = computed(width, height, refresh);
    }
    if (timing != null) {
      addOnce(found, timing);
    }
  }

  /**
   * A timing that no table has, by the formula that the monitor knows; null if it knows none.
   * Kernel: {@code standard_timing_level()}.
   */
  private @Nullable ModeInfo computed(int width, int height, int refresh) {
    int revision = at(REVISION);
    if (revision >= FIRST_THAT_PREFERS) {
      boolean gtf =
          descriptors(DESCRIPTOR_RANGE).stream()
              .anyMatch(from -> at(from + 10) == RANGE_GTF || at(from + 10) == RANGE_GTF2);
      return gtf
          ? ComputedTimings.gtf(width, height, refresh)
          : ComputedTimings.cvt(width, height, refresh);
    }
    return revision >= FIRST_WITH_GTF ? ComputedTimings.gtf(width, height, refresh) : null;
  }

  /** Kernel: {@code drm_cvt_modes()}. */
  private void addCvt(List<ModeInfo> found, int descriptor) {
    for (int i = 0; i < CVT_CODES; i++) {
      int from = descriptor + 6 + 3 * i;
      if (at(from) == 0 && at(from + 1) == 0 && at(from + 2) == 0) {
        continue;
      }
      int height = (at(from) + ((at(from + 1) & 0xf0) << 4) + 1) * 2;
      int width =
          switch (at(from + 1) & 0xc) {
            case 0 -> height * 4 / 3;
            case 4 -> height * 16 / 9;
            case 8 -> height * 16 / 10;
            default -> height * 15 / 9;
          };
      for (int rate = 1; rate < CVT_RATES.length(); rate++) {
        if ((at(from + 2) >>> rate & 1) != 0) {
          addOnce(found, ComputedTimings.cvt(width, height, CVT_RATES.get(rate)));
        }
      }
    }
  }

  private static void addWideXga(List<ModeInfo> found) {
    boolean known =
        found.stream()
            .anyMatch(mode ->
                mode.hdisplay() == 1366
                    && mode.vdisplay() == 768
                    && new DisplayMode(mode).refreshHz() == 60);
    if (!known) {
      addOnce(found, KnownTimings.narrowed(ComputedTimings.cvt(1366, 768, 60)));
    }
  }

  /** One with a short blank if the monitor can have that, else the usual one. */
  private @Nullable ModeInfo vesa(int width, int height, int refresh) {
    ModeInfo reduced =
        supportsReducedBlanking() ? DmtTimings.find(width, height, refresh, true) : null;
    return reduced == null ? DmtTimings.find(width, height, refresh, false) : reduced;
  }

  /** Kernel: {@code drm_monitor_supports_rb()}. */
  private boolean supportsReducedBlanking() {
    if (at(REVISION) < FIRST_THAT_PREFERS) {
      return (at(INPUT) & INPUT_DIGITAL) != 0;
    }
    return descriptors(DESCRIPTOR_RANGE).stream()
        .anyMatch(from -> at(from + 10) == RANGE_CVT && (at(from + 15) & CVT_REDUCED) != 0);
  }

  /** Kernel: {@code drm_est3_modes()}. */
  private void addEstablished3(List<ModeInfo> found, int from) {
    for (int i = 0; i < KnownTimings.ESTABLISHED_3.size(); i++) {
      KnownTimings.Named named = KnownTimings.ESTABLISHED_3.get(i);
      if ((at(from + 6 + i / 8) >>> (7 - i % 8) & 1) != 0) {
        ModeInfo timing =
            DmtTimings.find(named.width(), named.height(), named.refreshHz(), named.reduced());
        if (timing != null) {
          addOnce(found, timing);
        }
      }
    }
  }

  /** The places of the first block's descriptors of a kind. */
  private ImmutableList<Integer> descriptors(int tag) {
    ImmutableList.Builder<Integer> all = ImmutableList.builder();
    for (int i = 0; i < DETAILED_COUNT; i++) {
      int from = DETAILED + i * DETAILED_BYTES;
      if (at(from) == 0 && at(from + 1) == 0 && at(from + 2) == 0 && at(from + 3) == tag) {
        all.add(from);
      }
    }
    return all.build();
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
    boolean interlaced = (misc & 1 << 7) != 0;
    int flags =
        ((misc & 1 << 1) != 0 ? ModeInfo.FLAG_PHSYNC : ModeInfo.FLAG_NHSYNC)
            | ((misc & 1 << 2) != 0 ? ModeInfo.FLAG_PVSYNC : ModeInfo.FLAG_NVSYNC)
            | (interlaced ? ModeInfo.FLAG_INTERLACE : 0);
    ModeInfo timing =
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
            KnownTimings.name(width, height, flags));
    addOnce(found, interlaced ? KnownTimings.wholeFrame(timing) : timing);
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
        ModeInfo known = CtaTimings.of(vic(at(block + i + k)));
        if (known != null) {
          addOnce(found, known);
        }
      }
    }
  }

  /** Kernel: {@code add_alternate_cea_modes()}. */
  private static void addAlternates(List<ModeInfo> found) {
    for (ModeInfo mode : List.copyOf(found)) {
      ModeInfo other = CtaTimings.alternateOf(mode);
      if (other != null) {
        addOnce(found, other);
      }
    }
  }

  /**
   * Returns whether the monitor is one of HDMI, not only of DVI: whether a CTA-861 block has HDMI's
   * own data block. Kernel: {@code cea_db_is_hdmi_vsdb()}, {@code drm_display_info.is_hdmi}.
   */
  public boolean isHdmi() {
    for (int block = BLOCK_BYTES; block < bytes.length; block += BLOCK_BYTES) {
      if (at(block) == CTA_TAG && hasHdmiBlock(block)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasHdmiBlock(int block) {
    int end = at(block + CTA_DETAILED) == 0 ? BLOCK_BYTES - 1 : at(block + CTA_DETAILED);
    for (int i = CTA_DATA; i < Math.min(end, BLOCK_BYTES - 1); i += 1 + (at(block + i) & 0x1f)) {
      int from = block + i;
      boolean whole = (at(from) & 0x1f) >= 5 && i + (at(from) & 0x1f) < BLOCK_BYTES;
      if (whole
          && at(from) >>> 5 == CTA_VENDOR
          && (at(from + 1) | at(from + 2) << 8 | at(from + 3) << 16) == HDMI_OUI) {
        return true;
      }
    }
    return false;
  }

  /** A code with a bit that says native, where codes are small. Kernel: {@code svd_to_vic()}. */
  private static int vic(int code) {
    return code >= 129 && code <= 192 ? code & 0x7f : code;
  }
}
