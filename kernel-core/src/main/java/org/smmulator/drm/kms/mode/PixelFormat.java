package org.smmulator.drm.kms.mode;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;

/**
 * How pixels lie in memory. Kernel: {@code struct drm_format_info}.
 *
 * @param fourcc four characters, the first in the lowest byte: {@code DRM_FORMAT_*}
 * @param depth bits of colour, for clients of the time before fourccs; 0 if those had none
 * @param planeBytes bytes of a pixel in each plane
 * @param hsub pixels in a row to a sample of the second plane
 * @param vsub rows to a row of the second plane
 * @param hasAlpha whether a pixel has alpha
 */
public record PixelFormat(
    String fourcc, int depth, ImmutableIntArray planeBytes, int hsub, int vsub, boolean hasAlpha) {
  public static final PixelFormat C8 = packed("C8  ", 8, 1, false);
  public static final PixelFormat XRGB4444 = packed("XR12", 0, 2, false);
  public static final PixelFormat ARGB4444 = packed("AR12", 0, 2, true);
  public static final PixelFormat XRGB1555 = packed("XR15", 15, 2, false);
  public static final PixelFormat XBGR1555 = packed("XB15", 15, 2, false);
  public static final PixelFormat ARGB1555 = packed("AR15", 15, 2, true);
  public static final PixelFormat RGB565 = packed("RG16", 16, 2, false);
  public static final PixelFormat BGR565 = packed("BG16", 16, 2, false);
  public static final PixelFormat RGB888 = packed("RG24", 24, 3, false);
  public static final PixelFormat XRGB8888 = packed("XR24", 24, 4, false);
  public static final PixelFormat XBGR8888 = packed("XB24", 24, 4, false);
  public static final PixelFormat ARGB8888 = packed("AR24", 32, 4, true);
  public static final PixelFormat ABGR8888 = packed("AB24", 32, 4, true);
  public static final PixelFormat XRGB2101010 = packed("XR30", 30, 4, false);
  public static final PixelFormat NV12 = semiPlanar("NV12");
  public static final PixelFormat NV21 = semiPlanar("NV21");

  private static final ImmutableList<PixelFormat> ALL =
      ImmutableList.of(
          C8,
          XRGB4444,
          ARGB4444,
          XRGB1555,
          XBGR1555,
          ARGB1555,
          RGB565,
          BGR565,
          RGB888,
          XRGB8888,
          XBGR8888,
          ARGB8888,
          ABGR8888,
          XRGB2101010,
          NV12,
          NV21);

  private static PixelFormat packed(String fourcc, int depth, int bytes, boolean hasAlpha) {
    return new PixelFormat(fourcc, depth, ImmutableIntArray.of(bytes), 1, 1, hasAlpha);
  }

  private static PixelFormat semiPlanar(String fourcc) {
    return new PixelFormat(fourcc, 0, ImmutableIntArray.of(1, 2), 2, 2, false);
  }

  /**
   * Returns the format with that code. Kernel: {@code __drm_format_info()}.
   *
   * @return null if there is none
   */
  public static @Nullable PixelFormat of(int code) {
    return ALL.stream().filter(format -> format.code() == code).findFirst().orElse(null);
  }

  /**
   * Returns the format of clients that know no fourccs. Kernel: {@code
   * drm_mode_legacy_fb_format()}.
   *
   * @return null if there is none
   */
  public static @Nullable PixelFormat legacy(int bitsPerPixel, int depth) {
    return switch (bitsPerPixel) {
      case 8 -> depth == 8 ? C8 : null;
      case 16 -> depth == 15 ? XRGB1555 : depth == 16 ? RGB565 : null;
      case 24 -> depth == 24 ? RGB888 : null;
      case 32 ->
          switch (depth) {
            case 24 -> XRGB8888;
            case 30 -> XRGB2101010;
            case 32 -> ARGB8888;
            default -> null;
          };
      default -> null;
    };
  }

  /** The number that clients pass. */
  public int code() {
    return fourcc.charAt(0)
        | fourcc.charAt(1) << 8
        | fourcc.charAt(2) << 16
        | fourcc.charAt(3) << 24;
  }

  public int planes() {
    return planeBytes.length();
  }

  /** Kernel: {@code drm_format_info_plane_width()}. */
  public int planeWidth(int width, int plane) {
    return plane == 0 ? width : (int) (Integer.toUnsignedLong(width) / hsub);
  }

  /** Kernel: {@code drm_format_info_plane_height()}. */
  public int planeHeight(int height, int plane) {
    return plane == 0 ? height : (int) (Integer.toUnsignedLong(height) / vsub);
  }

  /** The bytes of a row of {@code width} pixels. Kernel: {@code drm_format_info_min_pitch()}. */
  public long minPitch(int plane, int width) {
    return Integer.toUnsignedLong(width) * planeBytes.get(plane);
  }
}
