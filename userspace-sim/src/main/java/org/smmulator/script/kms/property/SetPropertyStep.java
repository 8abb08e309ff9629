package org.smmulator.script.kms.property;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code setproperty}: {@code DRM_IOCTL_MODE_SETPROPERTY}, of a connector. */
final class SetPropertyStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final NamedProperty named =
      new NamedProperty(
          optional("connector", NamedProperty.INDEX, 0L, "Which connector, from 0."),
          required("property", NamedProperty.NAME, "The property."));
  private final FormField<Long> value = required("value", Scalar.NUMBER, "The number it gets.");

  SetPropertyStep() {
    super("setproperty", "Sets a property of a connector, such as DPMS.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    NamedProperty.Ids ids = named.find(KmsObject.CONNECTOR, step.args(), card);
    card.setConnectorProperty(ids.object(), ids.property(), step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "sets %s to 0x%x"
        .formatted(named.words(KmsObject.CONNECTOR, step.args()), step.get(value));
  }
}
