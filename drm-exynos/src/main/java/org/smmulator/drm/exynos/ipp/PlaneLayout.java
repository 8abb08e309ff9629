package org.smmulator.drm.exynos.ipp;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;

/**
 * The planes of a picture format. Kernel: {@code struct drm_format_info}.
 *
 * @param fourcc its name: {@code DRM_FORMAT_*}
 * @param bytes the bytes of a pixel in each plane; of a pair of chrominance in the later ones
 * @param hsub how many pixels of a line share chrominance
 * @param vsub how many lines do
 */
public record PlaneLayout(int fourcc, ImmutableIntArray bytes, int hsub, int vsub) {
  public static final int XRGB8888 = fourcc("XR24");
  public static final int ARGB8888 = fourcc("AR24");
  public static final int RGB565 = fourcc("RG16");
  public static final int BGRX8888 = fourcc("BX24");
  public static final int NV12 = fourcc("NV12");
  public static final int NV16 = fourcc("NV16");
  public static final int NV21 = fourcc("NV21");
  public static final int NV61 = fourcc("NV61");
  public static final int UYVY = fourcc("UYVY");
  public static final int VYUY = fourcc("VYUY");
  public static final int YUYV = fourcc("YUYV");
  public static final int YVYU = fourcc("YVYU");
  public static final int YUV420 = fourcc("YU12");
  public static final int YVU420 = fourcc("YV12");
  public static final int YUV422 = fourcc("YU16");

  private static final ImmutableList<PlaneLayout> ALL =
      ImmutableList.of(
          onePlane(XRGB8888, 4, 1),
          onePlane(ARGB8888, 4, 1),
          onePlane(RGB565, 2, 1),
          onePlane(BGRX8888, 4, 1),
          planes(NV12, 2, 1, 2),
          planes(NV16, 1, 1, 2),
          planes(NV21, 2, 1, 2),
          planes(NV61, 1, 1, 2),
          onePlane(UYVY, 2, 2),
          onePlane(VYUY, 2, 2),
          onePlane(YUYV, 2, 2),
          onePlane(YVYU, 2, 2),
          planes(YUV420, 2, 1, 1, 1),
          planes(YVU420, 2, 1, 1, 1),
          planes(YUV422, 1, 1, 1, 1));

  private static PlaneLayout onePlane(int fourcc, int bytes, int hsub) {
    return new PlaneLayout(fourcc, ImmutableIntArray.of(bytes), hsub, 1);
  }

  private static PlaneLayout planes(int fourcc, int vsub, int... bytes) {
    return new PlaneLayout(fourcc, ImmutableIntArray.copyOf(bytes), 2, vsub);
  }

  /** Returns the name of a format as a number: {@code fourcc_code()}. */
  private static int fourcc(String name) {
    return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
  }

  /** Finds the planes of a format; null if it is none of these. */
  static @Nullable PlaneLayout of(int fourcc) {
    for (PlaneLayout layout : ALL) {
      if (layout.fourcc == fourcc) {
        return layout;
      }
    }
    return null;
  }

  int planes() {
    return bytes.length();
  }

  /** The width of plane {@code index} of a picture of {@code width} pixels. */
  long widthOf(int index, int width) {
    long whole = Integer.toUnsignedLong(width);
    return index == 0 ? whole : (whole + hsub - 1) / hsub;
  }

  /** The height of plane {@code index} of a picture of {@code height} lines. */
  long heightOf(int index, int height) {
    long whole = Integer.toUnsignedLong(height);
    return index == 0 ? whole : (whole + vsub - 1) / vsub;
  }
}
