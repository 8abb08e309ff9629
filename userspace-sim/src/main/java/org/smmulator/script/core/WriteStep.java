package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code write}: the CPU stores a number into memory of the process. */
final class WriteStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address in a buffer of the process, or any number.");
  private final FormField<Long> value = required("value", Scalar.NUMBER, "The number to store.");
  private final FormField<Long> bits =
      optional("bits", Bits.TYPE, Bits.WORD, "Its width: 8, 16, 32 or 64.");

  WriteStep() {
    super("write", "Stores a number of 8 to 64 bits with the CPU.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    Bits.check(args, args.get(bits), args.get(value));
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    long va = process.va(step.get(at));
    process.client().storeNumber(va, Bits.bytes(step.get(bits)), step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "stores 0x%x at %s"
        .formatted(Bits.unsigned(step.get(bits), step.get(value)), step.get(at));
  }
}
