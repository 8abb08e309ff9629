package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code munmap}: takes mappings away, whatever they are of. */
final class MunmapStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "Where it begins.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How much.");

  MunmapStep() {
    super("munmap", "Takes mappings of the process away; an access there is a SIGSEGV then.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.client().munmap(process.va(step.get(at)), step.get(size));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "unmaps 0x%x bytes at %s".formatted(step.get(size), step.get(at));
  }
}
