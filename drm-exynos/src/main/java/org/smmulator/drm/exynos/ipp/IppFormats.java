package org.smmulator.drm.exynos.ipp;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppLimit;

/**
 * The formats that a picture processor takes and makes. Kernel: {@code struct
 * exynos_drm_ipp_formats}.
 */
public final class IppFormats {
  /** {@code DRM_FORMAT_MOD_SAMSUNG_16_16_TILE}. */
  public static final long TILED_16_16 = 4L << 56 | 2;

  private final ImmutableList<IppFormat> formats;
  private final ImmutableList<IppLimit> limits;

  /**
   * Makes a list of formats.
   *
   * @param limits those of each format
   */
  public IppFormats(ImmutableList<IppFormat> formats, ImmutableList<IppLimit> limits) {
    this.formats = formats;
    this.limits = limits;
  }

  ImmutableList<IppFormat> all() {
    return formats;
  }

  /**
   * Finds the limits of a format; null if it is none of these. Kernel: {@code __ipp_format_get()}.
   *
   * @param type a mask of {@link IppFormat#SOURCE} and {@link IppFormat#DESTINATION}
   */
  @Nullable ImmutableList<IppLimit> limitsOf(int fourcc, long modifier, int type) {
    for (IppFormat format : formats) {
      if ((format.type() & type) != 0
          && format.fourcc() == fourcc
          && format.modifier() == modifier) {
        return limits;
      }
    }
    return null;
  }
}
