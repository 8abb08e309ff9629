package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code dup}: makes another descriptor for the same open file. */
final class DupStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The descriptor of the file.");

  DupStep() {
    super("dup", "Makes another descriptor for the same open file.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    int number = process.client().dup(process.own(step.get(fd)).number());
    return new Descriptor(process.client(), number);
  }

  @Override
  protected String words(Step step) {
    return "duplicates " + step.get(fd) + step.asWords();
  }
}
