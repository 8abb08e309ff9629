package org.smmulator.script.kms.property;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.Step;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.userspace.LibDrmMode;

/** {@code getproperty}: {@code DRM_IOCTL_MODE_GETPROPERTY}. */
final class GetPropertyStep extends PropertyStep {
  private final FormField<Item> info =
      optional("info", FieldType.oneOf(Item.class), Item.FLAGS, "The number to ask for.");

  GetPropertyStep() {
    super("getproperty", "Asks what kind of property it is.", Kind.NUMBER);
  }

  @Override
  Long run(Step step, LibDrmMode card, NamedProperty.Ids ids) throws ErrnoException {
    ModeGetProperty told = card.property(ids.property());
    return switch (step.get(info)) {
      case FLAGS -> Integer.toUnsignedLong(told.flags());
      case VALUES -> Integer.toUnsignedLong(told.countValues());
      case ENUMS -> Integer.toUnsignedLong(told.countEnumBlobs());
    };
  }

  @Override
  protected String words(Step step) {
    return "asks what %s is%s".formatted(propertyWords(step), step.asWords());
  }

  /** Fields of {@code struct drm_mode_get_property}. */
  private enum Item {
    FLAGS,
    VALUES,
    ENUMS
  }
}
