package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code read_file}: {@code read()} or, with a position, {@code pread()} of an open file. */
final class ReadFileStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open file.");
  private final FormField<Long> size =
      optional("size", Scalar.SIZE, 4096L, "How many bytes at most.");
  private final FormField<Long> position =
      optional("position", Scalar.NUMBER, "From where; left out, from where the file stands.");

  ReadFileStep() {
    super("read_file", "Reads an open file: a device, or a file of /sys or /proc.", Octets.KIND);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    MemoryRange.check(args, args.get(size), null);
  }

  @Override
  protected Octets run(Step step, ProcessRun process) throws ErrnoException {
    int number = process.own(step.get(fd)).number();
    int bytes = (int) (long) step.get(size);
    Long from = step.find(position);
    return Octets.of(
        from == null
            ? process.client().read(number, bytes)
            : process.client().pread(number, bytes, from));
  }

  @Override
  protected String words(Step step) {
    return "reads %s%s".formatted(step.get(fd), step.asWords());
  }
}
