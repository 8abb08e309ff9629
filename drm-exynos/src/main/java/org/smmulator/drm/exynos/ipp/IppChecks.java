package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppLimit;
import org.smmulator.uapi.exynos.IppTaskRect;
import org.smmulator.uapi.exynos.IppTaskTransform;

/**
 * The checks of a task before its buffers are looked at. Kernel: {@code
 * exynos_drm_ipp_task_check()}.
 *
 * <p>Sums and products are of 64 bits here. Upstream's are of 32 and wrap, so that a rectangle that
 * begins at the last column of all passes there.
 */
final class IppChecks {
  private static final int TURNED_SIDEWAYS =
      IppTaskTransform.ROTATE_90 | IppTaskTransform.ROTATE_270;
  private static final int SCALE_SHIFT = 16;

  private static final ImmutableList<Integer> BUFFER = ImmutableList.of(IppLimit.SIZE_BUFFER);
  private static final ImmutableList<Integer> AREA =
      ImmutableList.of(IppLimit.SIZE_AREA, IppLimit.SIZE_BUFFER);
  private static final ImmutableList<Integer> ROTATED =
      ImmutableList.of(IppLimit.SIZE_ROTATED, IppLimit.SIZE_AREA, IppLimit.SIZE_BUFFER);

  private final IppTask task;
  private final IppFormats formats;
  private final boolean sideways;

  private IppChecks(IppTask task, IppFormats formats) {
    this.task = task;
    this.formats = formats;
    this.sideways = (task.rotation() & TURNED_SIDEWAYS) != 0;
  }

  /**
   * Checks a task.
   *
   * @param capabilities what the processor can: a mask of the constants of {@link IppGetCaps}
   * @throws ErrnoException in this order: EINVAL for a rectangle beyond its picture, or what the
   *     processor cannot; then for the source, and after it for the destination: EINVAL for a
   *     format, an empty picture, a short pitch; ENOENT for handle 0; EINVAL for pitches that
   *     differ, a size, a scale
   */
  static void check(IppTask task, IppFormats formats, int capabilities) throws ErrnoException {
    new IppChecks(task, formats).check(capabilities);
  }

  private void check(int capabilities) throws ErrnoException {
    task.source().completeRect();
    task.destination().completeRect();
    checkInside(task.source());
    checkInside(task.destination());
    checkAbilities(capabilities);
    boolean rotates = task.rotation() != IppTaskTransform.ROTATE_0;
    checkFormat(task.source(), IppFormat.SOURCE, rotates);
    checkFormat(task.destination(), IppFormat.DESTINATION, false);
  }

  private static void checkInside(IppBuffer buffer) throws ErrnoException {
    IppTaskRect rect = buffer.rect();
    if (sum(rect.x(), rect.w()) > Integer.toUnsignedLong(buffer.width())
        || sum(rect.y(), rect.h()) > Integer.toUnsignedLong(buffer.height())) {
      throw EINVAL.because("defined area is outside provided buffers");
    }
  }

  private static long sum(int one, int other) {
    return Integer.toUnsignedLong(one) + Integer.toUnsignedLong(other);
  }

  private void checkAbilities(int capabilities) throws ErrnoException {
    IppTaskRect from = task.source().rect();
    IppTaskRect to = task.destination().rect();
    boolean crops = (from.x() | from.y() | to.x() | to.y()) != 0;
    boolean rotates = task.rotation() != IppTaskTransform.ROTATE_0;
    boolean scales =
        from.w() != (sideways ? to.h() : to.w()) || from.h() != (sideways ? to.w() : to.h());
    boolean converts = task.source().fourcc() != task.destination().fourcc();
    int needed =
        (crops ? IppGetCaps.CROP : 0)
            | (rotates ? IppGetCaps.ROTATE : 0)
            | (scales ? IppGetCaps.SCALE : 0)
            | (converts ? IppGetCaps.CONVERT : 0);
    if ((needed & ~capabilities) != 0) {
      throw EINVAL.because("hw capabilities exceeded");
    }
  }

  /** Kernel: {@code exynos_drm_ipp_check_format()}. */
  private void checkFormat(IppBuffer buffer, int type, boolean rotates) throws ErrnoException {
    ImmutableList<IppLimit> limits = formats.limitsOf(buffer.fourcc(), buffer.modifier(), type);
    PlaneLayout layout = PlaneLayout.of(buffer.fourcc());
    if (limits == null || layout == null) {
      throw EINVAL.because("format %#x is not supported", buffer.fourcc());
    }
    if (buffer.width() == 0 || buffer.height() == 0) {
      throw EINVAL.because("an empty picture");
    }
    buffer.setLayout(layout);
    checkPlanes(buffer, layout);
    boolean swaps = type == IppFormat.DESTINATION && sideways;
    checkSizes(buffer, limits, rotates ? ROTATED : AREA, swaps);
    checkScale(limits);
  }

  private static void checkPlanes(IppBuffer buffer, PlaneLayout layout) throws ErrnoException {
    for (int plane = 0; plane < layout.planes(); plane++) {
      long least = layout.widthOf(plane, buffer.width()) * layout.bytes().get(plane);
      if (buffer.pitch(plane) == 0) {
        buffer.setPitch(plane, (int) least);
      }
      if (Integer.toUnsignedLong(buffer.pitch(plane)) < least) {
        throw EINVAL.because("a line of plane %d has %d bytes", plane, least);
      }
      if (buffer.handle(plane) == 0) {
        throw ENOENT.because("plane %d has no buffer", plane);
      }
    }
    if (layout.planes() > 2 && buffer.pitch(1) != buffer.pitch(2)) {
      throw EINVAL.because("pitch for additional planes must match");
    }
  }

  // ---- limits

  /** Kernel: {@code exynos_drm_ipp_check_size_limits()}. */
  private static void checkSizes(
      IppBuffer buffer, ImmutableList<IppLimit> limits, ImmutableList<Integer> area, boolean swaps)
      throws ErrnoException {
    checkSize(buffer.linePixels(), find(limits, BUFFER, true));
    checkSize(buffer.height(), find(limits, BUFFER, false));
    IppLimit.Range across = find(limits, area, !swaps);
    IppLimit.Range down = find(limits, area, swaps);
    IppTaskRect rect = buffer.rect();
    checkSize(rect.w(), across);
    checkAlign(rect.x(), across.align());
    checkSize(rect.h(), down);
    checkAlign(rect.y(), down.align());
  }

  /** Puts a limit together: what the first kind does not say the next one may. */
  private static IppLimit.Range find(
      ImmutableList<IppLimit> limits, ImmutableList<Integer> kinds, boolean horizontal) {
    int min = 0;
    int max = 0;
    int align = 0;
    for (int kind : kinds) {
      for (IppLimit limit : limits) {
        if ((limit.type() & IppLimit.TYPE_MASK) == IppLimit.SIZE
            && (limit.type() & IppLimit.SIZE_MASK) == kind) {
          IppLimit.Range range = horizontal ? limit.h() : limit.v();
          min = min == 0 ? range.min() : min;
          max = max == 0 ? range.max() : max;
          align = align == 0 ? range.align() : align;
        }
      }
    }
    return new IppLimit.Range(min, max, align);
  }

  private static void checkSize(int value, IppLimit.Range range) throws ErrnoException {
    if (Integer.compareUnsigned(value, range.min()) < 0
        || (range.max() != 0 && Integer.compareUnsigned(value, range.max()) > 0)) {
      throw EINVAL.because(
          "Value %d exceeds HW limits (min %d, max %d)", value, range.min(), range.max());
    }
    checkAlign(value, range.align());
  }

  private static void checkAlign(int value, int align) throws ErrnoException {
    if (align != 0 && (value & align - 1) != 0) {
      throw EINVAL.because("Value %d exceeds HW limits (align %d)", value, align);
    }
  }

  /** Kernel: {@code exynos_drm_ipp_check_scale_limits()}. */
  private void checkScale(ImmutableList<IppLimit> limits) throws ErrnoException {
    IppLimit scale = scaleOf(limits);
    if (scale == null) {
      return;
    }
    IppTaskRect from = task.source().rect();
    IppTaskRect to = task.destination().rect();
    checkScale(from.w(), sideways ? to.h() : to.w(), sideways ? scale.v() : scale.h());
    checkScale(from.h(), sideways ? to.w() : to.h(), sideways ? scale.h() : scale.v());
  }

  private static @Nullable IppLimit scaleOf(ImmutableList<IppLimit> limits) {
    for (IppLimit limit : limits) {
      if ((limit.type() & IppLimit.TYPE_MASK) == IppLimit.SCALE) {
        return limit;
      }
    }
    return null;
  }

  private static void checkScale(int from, int to, IppLimit.Range range) throws ErrnoException {
    long ratio = Integer.toUnsignedLong(to) << SCALE_SHIFT;
    long source = Integer.toUnsignedLong(from);
    if ((range.max() != 0 && ratio > source * range.max())
        || (range.min() != 0 && ratio < source * range.min())) {
      throw EINVAL.because("Scale from %d to %d exceeds HW limits", from, to);
    }
  }
}
