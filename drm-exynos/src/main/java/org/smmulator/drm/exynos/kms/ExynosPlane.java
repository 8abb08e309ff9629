package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENOTSUPP;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.kms.AtomicState;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneDriver;
import org.smmulator.drm.kms.PlaneState;
import org.smmulator.drm.kms.PlaneState.Rectangle;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A window of a controller as a plane. Kernel: {@code struct exynos_drm_plane}.
 *
 * @param window its number
 * @param controller whose window it is
 * @param doubles whether it can show each pixel and line twice: {@code EXYNOS_DRM_PLANE_CAP_DOUBLE}
 */
record ExynosPlane(int window, ExynosCrtcOps controller, boolean doubles) implements PlaneDriver {
  /** Half a pixel of the source for each that is shown, in 65536ths. */
  private static final long HALF = 1 << 15;

  /**
   * The part of a picture that is seen, and its place. Kernel: {@code struct
   * exynos_drm_plane_state}.
   *
   * @param source in the framebuffer, in pixels
   * @param shown on the display, in pixels
   * @param ratioX pixels of the source for one that is shown, in 65536ths
   * @param ratioY the same of lines
   */
  record Geometry(Rectangle source, Rectangle shown, long ratioX, long ratioY) {
    /** Returns whether each pixel of a line is shown twice. */
    boolean doublesColumns() {
      return ratioX == HALF;
    }

    /** Returns whether each line is shown twice. */
    boolean doublesRows() {
      return ratioY == HALF;
    }
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_plane_atomic_check()}.
   *
   * @throws ErrnoException ENOTSUPP, which clients see as 524, for a picture that would be scaled
   *     in a way that the window does not have
   */
  @Override
  public void atomicCheck(PlaneState next, AtomicState change) throws ErrnoException {
    if (next.crtc() == null) {
      return;
    }
    CrtcState crtc = change.newState(next.crtc());
    DisplayMode mode = crtc.mode() == null ? null : crtc.adjusted();
    Rectangle place = next.onCrtc();
    Rectangle from = next.source();
    if (mode == null || place.width() == 0 || place.height() == 0) {
      throw ENOTSUPP.because("a plane of %dx%d", place.width(), place.height());
    }
    Geometry geometry = geometry(from, place, mode);
    if (!fits(geometry.source().width(), geometry.shown().width(), geometry.ratioX())
        || !fits(geometry.source().height(), geometry.shown().height(), geometry.ratioY())) {
      throw ENOTSUPP.because("scaling mode is not supported");
    }
    next.setChecked(geometry);
  }

  /** Kernel: {@code exynos_drm_plane_check_size()}. */
  private boolean fits(int source, int shown, long ratio) {
    return source == shown || (doubles && ratio == HALF);
  }

  /** Kernel: {@code exynos_plane_mode_set()}. */
  private static Geometry geometry(Rectangle from, Rectangle place, DisplayMode mode) {
    int sourceX = from.x() >>> 16;
    int sourceY = from.y() >>> 16;
    long ratioX = (Integer.toUnsignedLong(from.width()) >>> 16 << 16) / place.width();
    long ratioY = (Integer.toUnsignedLong(from.height()) >>> 16 << 16) / place.height();
    int width = seen(place.x(), place.width(), mode.width());
    int height = seen(place.y(), place.height(), mode.height());
    if (place.x() < 0 && width != 0) {
      sourceX += (int) ((-(long) place.x() * ratioX) >> 16);
    }
    if (place.y() < 0 && height != 0) {
      sourceY += (int) ((-(long) place.y() * ratioY) >> 16);
    }
    return new Geometry(
        new Rectangle(
            sourceX, sourceY, (int) ((width * ratioX) >> 16), (int) ((height * ratioY) >> 16)),
        new Rectangle(Math.max(place.x(), 0), Math.max(place.y(), 0), width, height),
        ratioX,
        ratioY);
  }

  /** Kernel: {@code exynos_plane_get_size()}. */
  private static int seen(int start, int length, int last) {
    long end = (long) start + length;
    if (start <= 0) {
      return end > 0 ? (int) Math.min(end, last) : 0;
    }
    return start <= last ? Math.min(last - start, length) : 0;
  }

  /** Names the framebuffer that a plane shows and that reaches {@code iova}, for people. */
  static String pictureAt(ImmutableList<Plane> planes, long iova) {
    for (Plane plane : planes) {
      Framebuffer fb = plane.state().fb();
      if (fb != null) {
        ExynosGemObject buffer = ExynosGemObject.of(fb.buffer(0));
        long offset = iova - buffer.dmaAddress();
        if (offset >= 0 && offset < buffer.sizeBytes()) {
          return "framebuffer %d of %s".formatted(fb.id(), fb.maker());
        }
      }
    }
    return "no framebuffer";
  }

  @Override
  public void atomicUpdate(PlaneState now) {
    controller.updatePlane(window, now, (Geometry) now.checked());
  }

  @Override
  public void atomicDisable(PlaneState before) {
    controller.disablePlane(window);
  }
}
