package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code read}: the CPU loads 32 bits through the process's own mapping of a buffer. */
final class ReadStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address in a buffer of the process.");

  ReadStep() {
    super("read", "Loads 32 bits from a buffer with the CPU.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    Address<MappableBuffer> from = step.get(at);
    return Integer.toUnsignedLong(process.own(from.buffer()).load32(from.offset()));
  }

  @Override
  protected String words(Step step) {
    return "loads from " + step.get(at);
  }
}
