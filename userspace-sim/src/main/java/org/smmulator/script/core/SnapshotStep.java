package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code snapshot}: the CPU loads a range of memory, to compare it with later. */
final class SnapshotStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address of the first byte.");
  private final FormField<Long> size =
      required("size", MemoryRange.SIZE, "The number of bytes to load.");

  SnapshotStep() {
    super("snapshot", "Loads a range of memory with the CPU.", Octets.KIND);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    MemoryRange.check(args, args.get(size), null);
  }

  @Override
  protected Octets run(Step step, ProcessRun process) throws ErrnoException {
    return Octets.of(MemoryRange.load(step.get(at), step.get(size), process));
  }

  @Override
  protected String words(Step step) {
    return "loads 0x%x bytes from %s%s".formatted(step.get(size), step.get(at), step.asWords());
  }
}
