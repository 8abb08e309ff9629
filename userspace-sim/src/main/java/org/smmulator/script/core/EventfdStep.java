package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code eventfd}: {@code eventfd2()}. */
final class EventfdStep extends StepType {
  private final FormField<Long> count =
      optional("count", Scalar.NUMBER, 0L, "Where the counter starts.");

  EventfdStep() {
    super(
        "eventfd",
        "Makes an event counter, which is ready to be read once it is not 0.",
        Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    int start = (int) (long) step.get(count);
    return new Descriptor(process.client(), process.client().eventfd(start, 0));
  }

  @Override
  protected String words(Step step) {
    return "makes an event counter%s".formatted(step.asWords());
  }
}
