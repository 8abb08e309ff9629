package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.MappableBuffer;

/** {@code read}: the process loads this number through its own mapping of a buffer. */
final class MemoryExpectation extends ExpectationType {
  private final FormField<Address<MappableBuffer>> at =
      required("read", Address.ofCpu(), "The address in a buffer of the process, or any number.");
  private final FormField<Long> value =
      required("is", Scalar.NUMBER, "The number that must be there.");
  private final FormField<Long> bits =
      optional("bits", Bits.TYPE, Bits.WORD, "Its width: 8, 16, 32 or 64.");

  MemoryExpectation() {
    super("read", "The CPU finds a number in memory.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    Bits.check(args, args.get(bits), args.get(value));
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    Address<MappableBuffer> from = args.get(at);
    int bytes = Bits.bytes(args.get(bits));
    long wanted = Bits.unsigned(args.get(bits), args.get(value));
    long found = process.client().loadNumber(process.va(from), bytes);
    FailedExpectation.unless(
        found == wanted, "%s to be 0x%x".formatted(from, wanted), "it is 0x%x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    long wanted = Bits.unsigned(args.get(bits), args.get(value));
    return "finds 0x%x at %s".formatted(wanted, args.get(at));
  }
}
