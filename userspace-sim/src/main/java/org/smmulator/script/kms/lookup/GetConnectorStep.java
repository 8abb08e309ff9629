package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.userspace.LibDrmMode;

/** {@code getconnector}: {@code DRM_IOCTL_MODE_GETCONNECTOR}. */
final class GetConnectorStep extends ObjectStep<GetConnectorStep.Item> {
  GetConnectorStep() {
    super(
        "getconnector",
        "Probes a connector and asks what it leads to.",
        KmsObject.CONNECTOR,
        Item.class);
  }

  @Override
  long ask(LibDrmMode card, int id, Item item) throws ErrnoException {
    LibDrmMode.ConnectorInfo told = card.connector(id);
    return switch (item) {
      case CONNECTION -> told.answer().connection();
      case TYPE -> told.answer().connectorType();
      case ENCODER_ID -> told.answer().encoderId();
      case MODES -> told.modes().size();
      case WIDTH -> told.modes().isEmpty() ? 0 : told.modes().getFirst().hdisplay();
      case HEIGHT -> told.modes().isEmpty() ? 0 : told.modes().getFirst().vdisplay();
      case MM_WIDTH -> told.answer().mmWidth();
      case MM_HEIGHT -> told.answer().mmHeight();
    };
  }

  /** Fields of {@code struct drm_mode_get_connector}; the size is that of the first mode. */
  enum Item {
    CONNECTION,
    TYPE,
    ENCODER_ID,
    MODES,
    WIDTH,
    HEIGHT,
    MM_WIDTH,
    MM_HEIGHT
  }
}
