package org.smmulator.script.kms.property;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.userspace.LibDrmMode;

/** {@code obj_setproperty}: {@code DRM_IOCTL_MODE_OBJ_SETPROPERTY}. */
final class ObjSetPropertyStep extends PropertyStep {
  private final FormField<Long> value = required("value", Scalar.NUMBER, "The number it gets.");

  ObjSetPropertyStep() {
    super("obj_setproperty", "Sets a property of an object.");
  }

  @Override
  @Nullable Object run(Step step, LibDrmMode card, NamedProperty.Ids ids) throws ErrnoException {
    card.setProperty(ids.object(), ids.type(), ids.property(), step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "sets %s to 0x%x".formatted(propertyWords(step), step.get(value));
  }
}
