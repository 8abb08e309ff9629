package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code getcrtc}: {@code DRM_IOCTL_MODE_GETCRTC}. */
final class GetCrtcStep extends ObjectStep<GetCrtcStep.Item> {
  GetCrtcStep() {
    super("getcrtc", "Asks what a CRTC shows.", KmsObject.CRTC, Item.class);
  }

  @Override
  long ask(LibDrmMode card, int id, Item item) throws ErrnoException {
    ModeCrtc told = card.crtc(id);
    return switch (item) {
      case FB_ID -> told.fbId();
      case X -> told.x();
      case Y -> told.y();
      case GAMMA_SIZE -> told.gammaSize();
      case MODE_VALID -> told.modeValid();
      case WIDTH -> told.mode().hdisplay();
      case HEIGHT -> told.mode().vdisplay();
    };
  }

  /** Fields of {@code struct drm_mode_crtc}; the size is that of its mode. */
  enum Item {
    FB_ID,
    X,
    Y,
    GAMMA_SIZE,
    MODE_VALID,
    WIDTH,
    HEIGHT
  }
}
