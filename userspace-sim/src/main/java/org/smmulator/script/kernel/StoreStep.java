package org.smmulator.script.kernel;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;

/** {@code store}: a CPU in the kernel writes memory. */
final class StoreStep extends KernelStep {
  private final FormField<Address<KernelMemory>> at =
      required("at", Address.in(MEMORY), "Where: in memory of the kernel, or a physical address.");
  private final FormField<Integer> value =
      required("value", Scalar.WORD32, "The 32 bits to store.");

  StoreStep() {
    super("store", "Stores 32 bits into memory of the kernel with the CPU.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    long pa = word(step.get(at), process);
    process.machine().pages().cpu().store(pa, Integer.BYTES, step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "stores 0x%x at %s".formatted(step.get(value), step.get(at));
  }
}
