package org.smmulator.script;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/** A list of steps that stands inside a step. */
public final class StepsType extends FieldType<StepsType.Body> {
  StepsType() {
    super("a list of steps", "", "[{sleep: 1ms}]");
  }

  @Override
  Body read(YamlValue value, Scope scope) {
    return new Body(value, scope);
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return schemaOfSteps(definitions);
  }

  static ObjectNode schemaOfSteps(Definitions definitions) {
    return JsonSchema.list(definitions.refer("step"));
  }

  /** Steps that are read once it is known whose they are, and with which indices. */
  static final class Body {
    private final YamlValue value;
    private final Scope scope;
    private final List<Step> steps = new ArrayList<>();

    Body(YamlValue value, Scope scope) {
      this.value = value;
      this.scope = scope;
    }

    /** Reads them as one more round of the process that they stand in. */
    void readRound(String index, String number) throws ScenarioException {
      scope.names().count(value.place());
      YamlValue round = value.with(value.indices().with(index, number));
      steps.addAll(StepsType.steps(round, scope.inside(scope.process(), value.place())));
    }

    /** Reads them as those of a child, which starts with the names that its parent has by now. */
    void readForChild(String child) throws ScenarioException {
      scope.names().fork(scope.process(), child, value.place());
      steps.addAll(StepsType.steps(value, scope.inside(child, value.place())));
    }

    /** The steps that were read. */
    ImmutableList<Step> steps() {
      return ImmutableList.copyOf(steps);
    }
  }

  /** Reads a list of steps; what is repeated stands there unrolled. */
  static ImmutableList<Step> steps(YamlValue value, Scope scope) throws ScenarioException {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (YamlValue entry : value.list("- open: {node: renderD128, as: gpu}")) {
      scope.names().count(entry.place());
      Step step = new Step(scope.names().language().steps().read(entry, scope));
      if (step.type() instanceof RepeatStep repeat) {
        steps.addAll(repeat.unrolled(step));
      } else {
        steps.add(step);
      }
    }
    return steps.build();
  }
}
