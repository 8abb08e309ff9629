package org.smmulator.script.kms.property;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Kind;
import org.smmulator.script.Step;
import org.smmulator.userspace.LibDrmMode;

/** {@code obj_getproperties}: {@code DRM_IOCTL_MODE_OBJ_GETPROPERTIES}. */
final class ObjGetPropertiesStep extends PropertyStep {
  ObjGetPropertiesStep() {
    super("obj_getproperties", "Asks for the value of an object's property.", Kind.NUMBER);
  }

  @Override
  Long run(Step step, LibDrmMode card, NamedProperty.Ids ids)
      throws ErrnoException, FailedExpectation {
    for (LibDrmMode.PropertyValue each : card.properties(ids.object(), ids.type())) {
      if (each.id() == ids.property()) {
        return each.value();
      }
    }
    throw new FailedExpectation(propertyWords(step), "the client sees no such property");
  }

  @Override
  protected String words(Step step) {
    return "asks for %s%s".formatted(propertyWords(step), step.asWords());
  }
}
