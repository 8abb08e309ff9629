package org.smmulator.script.kernel.iommu;

import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code count}: how many there are, to compare with later. */
final class CountStep extends StepType {
  private final FormField<Counted> of =
      required("of", FieldType.oneOf(Counted.class), "The things to count.");

  CountStep() {
    super("count", "Counts things of the machine, to compare with later.", Kind.NUMBER);
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected Long run(Step step, ProcessRun process) {
    return step.get(of).in(process.machine());
  }

  @Override
  protected String words(Step step) {
    return "counts %s%s".formatted(FieldType.word(step.get(of)), step.asWords());
  }
}
