package org.smmulator.script.core;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code canary}: the CPU fills a range with bytes that nobody else knows. */
final class CanaryStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address of the first byte.");
  private final FormField<Long> size =
      required("size", MemoryRange.SIZE, "The number of bytes to fill.");

  CanaryStep() {
    super("canary", "Fills a range of memory with bytes that nobody else knows.", Canary.KIND);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    MemoryRange.check(args, args.get(size), null);
  }

  @Override
  protected Canary run(Step step, ProcessRun process) throws ErrnoException {
    Canary canary = new Canary(step.get(at), (int) (long) step.get(size), process.client().pid());
    process.client().store(process.va(step.get(at)), MemorySegment.ofArray(canary.bytes()));
    return canary;
  }

  @Override
  protected String words(Step step) {
    return "fills 0x%x bytes at %s with what nobody else knows%s"
        .formatted(step.get(size), step.get(at), step.asWords());
  }
}
