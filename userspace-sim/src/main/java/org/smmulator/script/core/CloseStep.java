package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code close}: closes a descriptor. */
final class CloseStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The descriptor.");

  CloseStep() {
    super("close", "Closes a descriptor; its file lives as long as it has another.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.client().close(process.own(step.get(fd)).number());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "closes " + step.get(fd);
  }
}
