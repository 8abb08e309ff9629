package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;
import org.smmulator.userspace.LibDrmMode;

/** {@code getencoder}: {@code DRM_IOCTL_MODE_GETENCODER}. */
final class GetEncoderStep extends ObjectStep<GetEncoderStep.Item> {
  GetEncoderStep() {
    super(
        "getencoder", "Asks what an encoder is and what feeds it.", KmsObject.ENCODER, Item.class);
  }

  @Override
  long ask(LibDrmMode card, int id, Item item) throws ErrnoException {
    ModeGetEncoder told = card.encoder(id);
    return switch (item) {
      case TYPE -> told.encoderType();
      case CRTC_ID -> told.crtcId();
      case POSSIBLE_CRTCS -> told.possibleCrtcs();
      case POSSIBLE_CLONES -> told.possibleClones();
    };
  }

  /** Fields of {@code struct drm_mode_get_encoder}. */
  enum Item {
    TYPE,
    CRTC_ID,
    POSSIBLE_CRTCS,
    POSSIBLE_CLONES
  }
}
