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

/** {@code write}: the CPU stores 32 bits through the process's own mapping of a buffer. */
final class WriteStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address in a buffer of the process.");
  private final FormField<Integer> value =
      required("value", Scalar.WORD32, "The 32 bits to store.");

  WriteStep() {
    super("write", "Stores 32 bits into a buffer with the CPU.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    Address<MappableBuffer> to = step.get(at);
    process.own(to.buffer()).store32(to.offset(), step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "stores 0x%x at %s".formatted(step.get(value), step.get(at));
  }
}
