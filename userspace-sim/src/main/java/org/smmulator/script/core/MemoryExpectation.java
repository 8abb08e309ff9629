package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.MappableBuffer;

/** {@code read}: the process loads this 32-bit value through its own mapping of a buffer. */
final class MemoryExpectation extends ExpectationType {
  private final FormField<Address<MappableBuffer>> at =
      required("read", Address.ofCpu(), "The address in a buffer of the process.");
  private final FormField<Integer> value =
      required("is", Scalar.WORD32, "The 32 bits that must be there.");

  MemoryExpectation() {
    super("read", "The CPU finds a 32-bit value in a buffer.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    Address<MappableBuffer> from = args.get(at);
    int found = process.own(from.buffer()).load32(from.offset());
    FailedExpectation.unless(
        found == args.get(value),
        "%s to be 0x%x".formatted(from, args.get(value)),
        "it is 0x%x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "finds 0x%x at %s".formatted(args.get(value), args.get(at));
  }
}
