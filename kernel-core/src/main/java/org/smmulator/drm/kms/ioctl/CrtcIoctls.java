package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Connector;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.LegacyChanges;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.PlaneState.Rectangle;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeInfo;

/** Ioctls that set a CRTC. */
final class CrtcIoctls {
  private static final int SAME_FRAMEBUFFER = -1;
  private static final int TARGETS =
      ModeCrtcPageFlip.TARGET_ABSOLUTE | ModeCrtcPageFlip.TARGET_RELATIVE;
  private static final int FLAGS = ModeCrtcPageFlip.EVENT | ModeCrtcPageFlip.ASYNC | TARGETS;

  private final ModeConfig config;

  CrtcIoctls(ModeConfig config) {
    this.config = config;
  }

  // ---- SETCRTC

  /**
   * ERANGE for a place beyond 16 bits; ENOENT; EACCES for a plane that the lease lacks; EINVAL for
   * modes and connectors; ENOSPC for a picture that is too small; EFAULT; what the change gives.
   * Kernel: {@code drm_mode_setcrtc()}.
   */
  void set(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCrtc asked = arg.read(ModeCrtc::read);
    if ((asked.x() & 0xffff_0000) != 0 || (asked.y() & 0xffff_0000) != 0) {
      throw ERANGE.because("a picture that begins at %d, %d", asked.x(), asked.y());
    }
    KmsFile client = KmsFile.of(file);
    Crtc crtc = findCrtc(client, asked.crtcId());
    if (asked.modeValid() != 0 && !client.holds(crtc.primary())) {
      throw EACCES.because("the lease has no primary plane");
    }
    try (var _ = config.lock().lockInterruptible()) {
      Framebuffer fb = asked.modeValid() == 0 ? null : framebuffer(client, crtc, asked.fbId());
      try {
        set(client, arg, asked, crtc, fb);
      } finally {
        if (fb != null) {
          fb.put();
        }
      }
    }
  }

  private void set(
      KmsFile client, IoctlArg arg, ModeCrtc asked, Crtc crtc, @Nullable Framebuffer fb)
      throws ErrnoException {
    DisplayMode mode = fb == null ? null : mode(client, asked, fb, crtc);
    int count = asked.countConnectors();
    if ((count == 0) != (mode == null)) {
      throw EINVAL.because("%d connectors and %s mode", count, mode == null ? "no" : "a");
    }
    LegacyChanges.setConfig(
        config,
        new LegacyChanges.Output(
            crtc, mode, fb, asked.x(), asked.y(), connectors(client, arg, asked)));
  }

  static Crtc findCrtc(KmsFile client, int id) throws ErrnoException {
    Crtc crtc = client.findCrtc(id);
    if (crtc == null) {
      throw ENOENT.because("no CRTC has the number %d", id);
    }
    return crtc;
  }

  /** With a reference of the caller's. */
  private static Framebuffer framebuffer(KmsFile client, Crtc crtc, int id) throws ErrnoException {
    if (id != SAME_FRAMEBUFFER) {
      return findFramebuffer(client, id);
    }
    Framebuffer shown = crtc.primary().state().fb();
    if (shown == null) {
      throw EINVAL.because("%s shows nothing", crtc.name());
    }
    shown.get();
    return shown;
  }

  static Framebuffer findFramebuffer(KmsFile client, int id) throws ErrnoException {
    Framebuffer fb = client.findFramebuffer(id);
    if (fb == null) {
      throw ENOENT.because("no framebuffer has the number %d", id);
    }
    return fb;
  }

  private static DisplayMode mode(KmsFile client, ModeCrtc asked, Framebuffer fb, Crtc crtc)
      throws ErrnoException {
    ModeInfo info = asked.mode();
    if (!client.aspectRatioAllowed && (info.flags() & ModeInfo.FLAG_PIC_AR_MASK) != 0) {
      throw EINVAL.because("an aspect ratio from a client that knows none");
    }
    DisplayMode mode = DisplayMode.fromUser(info);
    if (!crtc.primary().takes(fb)) {
      throw EINVAL.because("the primary plane takes no %s", fb.format().fourcc());
    }
    LegacyChanges.checkViewport(
        fb,
        new Rectangle(asked.x() << 16, asked.y() << 16, mode.width() << 16, mode.height() << 16));
    return mode;
  }

  private ImmutableList<Connector> connectors(KmsFile client, IoctlArg arg, ModeCrtc asked)
      throws ErrnoException {
    if (Integer.compareUnsigned(asked.countConnectors(), config.connectors().size()) > 0) {
      throw EINVAL.because("%d connectors", asked.countConnectors());
    }
    UserElements ids = new UserElements(arg.caller());
    ImmutableList.Builder<Connector> found = ImmutableList.builder();
    for (int i = 0; i < asked.countConnectors(); i++) {
      int id = ids.getU32(asked.setConnectorsPtr(), i);
      Connector connector = client.findConnector(id);
      if (connector == null) {
        throw ENOENT.because("no connector has the number %d", id);
      }
      found.add(connector);
    }
    return found.build();
  }

  // ---- PAGE_FLIP

  /**
   * EINVAL for flags, and for flips that are not at a vblank; ENOENT; EACCES; EBUSY if nothing is
   * shown, or an earlier flip is not done; ENOSPC; EINVAL for another format; ENOMEM without room
   * for the event. Kernel: {@code drm_mode_page_flip_ioctl()}.
   */
  void pageFlip(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCrtcPageFlip asked = arg.read(ModeCrtcPageFlip::read);
    int target = asked.flags() & TARGETS;
    if ((asked.flags() & ~FLAGS) != 0
        || (asked.sequence() != 0 && target == 0)
        || target == TARGETS
        || (asked.flags() & ModeCrtcPageFlip.ASYNC) != 0) {
      throw EINVAL.because("flags %#x, sequence %d", asked.flags(), asked.sequence());
    }
    KmsFile client = KmsFile.of(file);
    Crtc crtc = findCrtc(client, asked.crtcId());
    if (!client.holds(crtc.primary())) {
      throw EACCES.because("the lease has no primary plane");
    }
    if (target != 0) {
      throw EINVAL.because("no flip has a target");
    }
    try (var _ = config.lock().lockInterruptible()) {
      Framebuffer shown = crtc.primary().state().fb();
      if (shown == null) {
        throw EBUSY.because("%s shows nothing", crtc.name());
      }
      Framebuffer fb = findFramebuffer(client, asked.fbId());
      try {
        LegacyChanges.checkFlip(crtc.primary(), fb);
        if (!shown.format().equals(fb.format())) {
          throw EINVAL.because("a flip does not change the format");
        }
        flip(client, crtc, fb, asked);
      } finally {
        fb.put();
      }
    }
  }

  private void flip(KmsFile client, Crtc crtc, Framebuffer fb, ModeCrtcPageFlip asked)
      throws ErrnoException {
    if ((asked.flags() & ModeCrtcPageFlip.EVENT) == 0) {
      LegacyChanges.pageFlip(crtc, fb, null, config);
      return;
    }
    VblankEvent event =
        new VblankEvent(VblankEvent.Kind.FLIP_COMPLETE, crtc.id(), asked.userData());
    event.tell(client.drm().events());
    try {
      LegacyChanges.pageFlip(crtc, fb, event, config);
    } catch (ErrnoException e) {
      event.cancel();
      throw e;
    }
  }
}
