package org.smmulator.script.core;

import org.smmulator.machine.Machine;
import org.smmulator.machine.isolation.Trespass;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;

/** {@code trespass}: a process has got at the private memory of another. */
final class TrespassExpectation extends MachineExpectation {
  private final FormField<String> by =
      required(
          "trespass", FieldType.process(), "The process that has, or a device under its table.");

  private final FormField<String> on =
      required("on", FieldType.process(), "The process whose memory it is.");

  TrespassExpectation() {
    super(
        "trespass",
        "A process has got at the private memory of another; where no expectation says so, that"
            + " fails the run.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    FailedExpectation.unless(
        machine.isolation().trespasses().stream().anyMatch(each -> knowsOf(each, args, names)),
        "%s to get at the memory of %s".formatted(args.get(by), args.get(on)),
        "nobody saw that");
  }

  @Override
  protected boolean knowsOf(Trespass trespass, Args args, Ref.Lookup names) {
    return names.isProcess(trespass.by(), args.get(by))
        && names.isProcess(trespass.of(), args.get(on));
  }

  @Override
  protected String words(Args args) {
    return "finds that %s got at the memory of %s".formatted(args.get(by), args.get(on));
  }
}
