package org.smmulator.script.kernel.task;

import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.BusAddress;
import org.smmulator.script.kernel.KernelStep;
import org.smmulator.userspace.MappedMemory;

/** {@code user_pointer}: an address of a process, as the argument of a system call brings it. */
final class UserPointerStep extends KernelStep {
  private final FormField<Ref<MappedMemory>> memory =
      required("to", Ref.to(Kind.MEMORY), "Memory that the process has mapped with mmap.");

  UserPointerStep() {
    super(
        "user_pointer",
        "Takes an address of a process, as the argument of a system call would bring it.",
        BUS_ADDRESS);
  }

  @Override
  protected BusAddress run(Step step, ProcessRun process) throws FailedExpectation {
    long va = process.find(step.get(memory)).va();
    return () -> va;
  }

  @Override
  protected String words(Step step) {
    return "takes the address of %s%s".formatted(step.get(memory), step.asWords());
  }
}
