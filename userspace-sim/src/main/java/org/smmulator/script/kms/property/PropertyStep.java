package org.smmulator.script.kms.property;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** A step on one property of an object of an open card. */
abstract class PropertyStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<KmsObject> object =
      required("object", FieldType.oneOf(KmsObject.class), "The kind of object.");
  private final NamedProperty named =
      new NamedProperty(
          optional("index", NamedProperty.INDEX, 0L, "Which one of its kind, from 0."),
          required("property", NamedProperty.NAME, "The property."));

  PropertyStep(String keyword, String sentence) {
    super(keyword, sentence);
  }

  PropertyStep(String keyword, String sentence, Kind<?> yields) {
    super(keyword, sentence, yields);
  }

  abstract @Nullable Object run(Step step, LibDrmMode card, NamedProperty.Ids ids)
      throws ErrnoException, FailedExpectation;

  @Override
  protected final @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    return run(step, card, named.find(step.get(object), step.args(), card));
  }

  /** The property as a story tells it. */
  final String propertyWords(Step step) {
    return named.words(step.get(object), step.args());
  }
}
