package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code read}: the CPU loads a number from memory of the process. */
final class ReadStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address in a buffer of the process, or any number.");
  private final FormField<Long> bits =
      optional("bits", Bits.TYPE, Bits.WORD, "Its width: 8, 16, 32 or 64.");

  ReadStep() {
    super("read", "Loads a number of 8 to 64 bits with the CPU.", Kind.NUMBER);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    Bits.check(args, args.get(bits), 0);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return process.client().loadNumber(process.va(step.get(at)), Bits.bytes(step.get(bits)));
  }

  @Override
  protected String words(Step step) {
    return "loads from " + step.get(at);
  }
}
