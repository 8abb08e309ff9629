package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
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

/** A step that asks for one number of one object of an open card. */
abstract class ObjectStep<I extends Enum<I>> extends StepType {
  private final KmsObject object;
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Long> index;
  private final FormField<I> info;

  ObjectStep(String keyword, String sentence, KmsObject object, Class<I> items) {
    super(keyword, sentence, Kind.NUMBER);
    this.object = object;
    index = optional(FieldType.word(object), Scalar.between(0, 255), 0L, "Which one, from 0.");
    info = required("info", FieldType.oneOf(items), "The number to ask for.");
  }

  abstract long ask(LibDrmMode card, int id, I item) throws ErrnoException;

  @Override
  protected final Long run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    return ask(card, object.find(card, step.get(index)), step.get(info));
  }

  @Override
  protected final String words(Step step) {
    return "asks for the %s of %s %d%s"
        .formatted(
            FieldType.word(step.get(info)),
            FieldType.word(object),
            step.get(index),
            step.asWords());
  }
}
