package org.smmulator.script.kernel.iommu;

import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;

/** {@code count}: there are so many, or as many as before. */
final class CountExpectation extends MachineExpectation {
  private final FormField<Counted> counted =
      required("count", FieldType.oneOf(Counted.class), "The things to count.");
  private final FormField<Long> number =
      optional("is", Scalar.between(0, Long.MAX_VALUE), "How many there must be.");
  private final FormField<Ref<Long>> before =
      optional("same_as", Ref.to(Kind.NUMBER), "The number that a step has counted before.");

  CountExpectation() {
    super("count", "There are so many of something in the machine, or as many as before.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if ((args.find(number) == null) == (args.find(before) == null)) {
      throw args.wrong("a count is compared with one number", "write 'is', or 'same_as'");
    }
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    Ref<Long> earlier = args.find(before);
    Long wanted = earlier == null ? args.get(number) : names.find(earlier);
    long found = args.get(counted).in(machine);
    FailedExpectation.unless(
        found == wanted,
        "%d %s".formatted(wanted, FieldType.word(args.get(counted))),
        "there are %d".formatted(found));
  }

  @Override
  protected String words(Args args) {
    Ref<Long> earlier = args.find(before);
    String what = FieldType.word(args.get(counted));
    return earlier == null
        ? "finds %d %s".formatted(args.get(number), what)
        : "finds as many %s as %s".formatted(what, earlier);
  }
}
