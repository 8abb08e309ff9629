package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Scenario.ProcessScript;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

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

  /** {@code parallel}: starts several children at once and waits until all have ended. */
  static final class Parallel extends StepType {
    private final FormField<ImmutableList<Branch>> branches =
        bare(new BranchesType(), "The children by name, each with its steps.");

    /** A child and its steps. */
    private record Branch(String child, StepsType.Body body) {}

    Parallel() {
      super("parallel", "Forks several children and waits until all of them have ended.");
    }

    @Override
    protected void check(Args args) throws ScenarioException {
      for (Branch branch : args.get(branches)) {
        branch.body().readForChild(branch.child());
      }
    }

    @Override
    ImmutableList<ProcessScript> children(Step step) {
      return step.get(branches).stream()
          .map(each -> ProcessScript.ofChild(step.place(), each.child(), each.body().steps()))
          .collect(toImmutableList());
    }

    @Override
    protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
      ImmutableList<ProcessScript> children = children(step);
      for (ProcessScript child : children) {
        process.fork(child);
      }
      for (ProcessScript child : children) {
        process.awaitEnd(child.name());
      }
      return null;
    }

    @Override
    protected String words(Step step) {
      return step.get(branches).stream()
          .map(Branch::child)
          .collect(Collectors.joining(", ", "has waited for ", ""));
    }

    /** {@code {left: [...], right: [...]}}. */
    private static final class BranchesType extends FieldType<ImmutableList<Branch>> {
      BranchesType() {
        super("lists of steps by name", "", "{left: [{sleep: 1ms}], right: [{sleep: 2ms}]}");
      }

      @Override
      ImmutableList<Branch> read(YamlValue value, Scope scope) throws ScenarioException {
        Fields fields = value.mapping("parallel");
        ImmutableList.Builder<Branch> branches = ImmutableList.builder();
        for (String child : fields.keys()) {
          branches.add(new Branch(child, new StepsType.Body(fields.require(child), scope)));
        }
        return branches.build();
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return JsonSchema.map(
            Names.PROCESS.pattern() + "|.*[$].*", StepsType.schemaOfSteps(definitions));
      }
    }
  }
}
