package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENXIO;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.Framebuffers;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.LegacyChanges;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneState.Rectangle;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCursor;
import org.smmulator.uapi.drm.mode.ModeCursor2;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeSetPlane;

/** Ioctls that set a plane, and the cursor. */
final class PlaneIoctls {
  private static final int CURSOR_FLAGS = ModeCursor.BO | ModeCursor.MOVE;
  private static final int CURSOR_PIXEL_BYTES = 4;

  private final ModeConfig config;

  PlaneIoctls(ModeConfig config) {
    this.config = config;
  }

  /**
   * ENOENT for plane, framebuffer, CRTC, in that order; EINVAL, ERANGE, ENOSPC as the plane is
   * checked; the driver's. Kernel: {@code drm_mode_setplane()}.
   */
  void set(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeSetPlane asked = arg.read(ModeSetPlane::read);
    KmsFile client = KmsFile.of(file);
    Plane plane = client.findPlane(asked.planeId());
    if (plane == null) {
      throw ENOENT.because("no plane has the number %d", asked.planeId());
    }
    if (asked.fbId() == 0) {
      try (var _ = config.lock().lockInterruptible()) {
        LegacyChanges.disablePlane(plane, config);
      }
      return;
    }
    Framebuffer fb = CrtcIoctls.findFramebuffer(client, asked.fbId());
    try {
      Crtc crtc = CrtcIoctls.findCrtc(client, asked.crtcId());
      try (var _ = config.lock().lockInterruptible()) {
        LegacyChanges.updatePlane(
            plane,
            crtc,
            fb,
            new Rectangle(asked.crtcX(), asked.crtcY(), asked.crtcW(), asked.crtcH()),
            new Rectangle(asked.srcX(), asked.srcY(), asked.srcW(), asked.srcH()),
            config);
      }
    } finally {
      fb.put();
    }
  }

  // ---- the cursor

  /** As {@link #cursor2}, without a hot spot. Kernel: {@code drm_mode_cursor_ioctl()}. */
  void cursor(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCursor asked = arg.read(ModeCursor::read);
    cursor(
        file,
        arg,
        new ModeCursor2(
            asked.flags(),
            asked.crtcId(),
            asked.x(),
            asked.y(),
            asked.width(),
            asked.height(),
            asked.handle(),
            0,
            0));
  }

  /**
   * EINVAL for flags; ENOENT; without a cursor's plane ENXIO for a picture, EFAULT for a move;
   * EACCES; what {@code ADDFB2} and {@code SETPLANE} give. Kernel: {@code
   * drm_mode_cursor2_ioctl()}.
   */
  void cursor2(DrmFile file, IoctlArg arg) throws ErrnoException {
    cursor(file, arg, arg.read(ModeCursor2::read));
  }

  private void cursor(DrmFile file, IoctlArg arg, ModeCursor2 asked) throws ErrnoException {
    if (asked.flags() == 0 || (asked.flags() & ~CURSOR_FLAGS) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    KmsFile client = KmsFile.of(file);
    Crtc crtc = CrtcIoctls.findCrtc(client, asked.crtcId());
    Plane plane = crtc.cursor();
    if (plane == null) {
      throw (asked.flags() & ModeCursor.BO) != 0
          ? ENXIO.because("%s has no cursor", crtc.name())
          : EFAULT.because("%s has no cursor", crtc.name());
    }
    try (var _ = config.lock().lockInterruptible()) {
      if (!client.holds(plane)) {
        throw EACCES.because("the lease has no cursor");
      }
      Framebuffer fb = cursorPicture(file, arg, asked, plane);
      try {
        showCursor(crtc, plane, fb, asked);
      } finally {
        if (fb != null) {
          fb.put();
        }
      }
    }
  }

  /** Kernel: {@code drm_mode_cursor_universal()}. */
  private @Nullable Framebuffer cursorPicture(
      DrmFile file, IoctlArg arg, ModeCursor2 asked, Plane plane) throws ErrnoException {
    if ((asked.flags() & ModeCursor.BO) == 0) {
      Framebuffer shown = plane.state().fb();
      if (shown != null) {
        shown.get();
      }
      return shown;
    }
    if (asked.handle() == 0) {
      return null;
    }
    ImmutableIntArray none = ImmutableIntArray.of(0, 0, 0, 0);
    return Framebuffers.create(
        config,
        file,
        arg.caller().task(),
        new ModeFbCmd2(
            0,
            asked.width(),
            asked.height(),
            PixelFormat.ARGB8888.code(),
            0,
            ImmutableIntArray.of(asked.handle(), 0, 0, 0),
            ImmutableIntArray.of(asked.width() * CURSOR_PIXEL_BYTES, 0, 0, 0),
            none,
            ImmutableLongArray.of(0, 0, 0, 0)));
  }

  private void showCursor(Crtc crtc, Plane plane, @Nullable Framebuffer fb, ModeCursor2 asked)
      throws ErrnoException {
    boolean moves = (asked.flags() & ModeCursor.MOVE) != 0;
    int x = moves ? asked.x() : crtc.cursorX();
    int y = moves ? asked.y() : crtc.cursorY();
    if (fb == null) {
      LegacyChanges.disablePlane(plane, config);
    } else {
      LegacyChanges.updatePlane(
          plane,
          crtc,
          fb,
          new Rectangle(x, y, fb.width(), fb.height()),
          new Rectangle(0, 0, fb.width() << 16, fb.height() << 16),
          config);
    }
    crtc.setCursor(x, y);
  }
}
