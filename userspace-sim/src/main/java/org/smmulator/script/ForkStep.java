package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Scenario.ProcessScript;

/** {@code fork}: starts a child, which has what its parent has by then, and goes on. */
final class ForkStep extends StepType {
  private final FormField<String> child =
      required("process", Scalar.word("a process's name", "sibling"), "The child's name.");
  private final FormField<StepsType.Body> body =
      required("steps", new StepsType(), "The child's steps; it ends after the last.");

  ForkStep() {
    super(
        "fork",
        "Starts a child that has its parent's open files, mappings and names, and goes on.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    args.get(body).readForChild(args.get(child));
  }

  @Override
  ImmutableList<ProcessScript> children(Step step) {
    StepsType.Body steps = step.get(body);
    return ImmutableList.of(ProcessScript.ofChild(step.place(), step.get(child), steps.steps()));
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    for (ProcessScript script : children(step)) {
      process.fork(script);
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return "forks " + step.get(child);
  }
}
