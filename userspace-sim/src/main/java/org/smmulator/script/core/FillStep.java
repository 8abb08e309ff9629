package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.MappableBuffer;

/** {@code fill}: the CPU stores a pattern into a range of memory. */
final class FillStep extends StepType {
  private final FormField<Address<MappableBuffer>> at =
      required("at", Address.ofCpu(), "The address of the first byte.");
  private final FormField<Long> size =
      required("size", MemoryRange.SIZE, "The number of bytes to store.");
  private final FormField<ImmutableList<Long>> with =
      required("with", Octets.TYPE, "The bytes, over and over again.");

  FillStep() {
    super("fill", "Stores a pattern into a range of memory with the CPU.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    MemoryRange.check(args, args.get(size), args.get(with));
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    byte[] bytes = Octets.repeated(step.get(with), (int) (long) step.get(size));
    process.client().store(process.va(step.get(at)), MemorySegment.ofArray(bytes));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "fills 0x%x bytes at %s".formatted(step.get(size), step.get(at));
  }
}
