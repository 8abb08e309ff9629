package org.smmulator.script.kernel;

import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;

/** {@code load}: a CPU in the kernel finds a value in memory. */
final class LoadExpectation extends ExpectationType {
  private final FormField<Address<KernelMemory>> at =
      required(
          "load",
          Address.in(KernelStep.MEMORY),
          "Where: in memory of the kernel, or a physical address.");
  private final FormField<Integer> value =
      required("is", Scalar.WORD32, "The 32 bits that it must have.");

  LoadExpectation() {
    super("load", "Memory of the kernel has a value, as the CPU sees it.");
  }

  @Override
  public boolean standsOn(Side side) {
    return side == Side.KERNEL;
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    long pa = KernelStep.word(args.get(at), process);
    int found = (int) process.machine().pages().cpu().load(pa, Integer.BYTES);
    FailedExpectation.unless(
        found == args.get(value),
        "0x%x at %s".formatted(args.get(value), args.get(at)),
        "it is 0x%x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "finds 0x%x at %s".formatted(args.get(value), args.get(at));
  }
}
