package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/** {@code expect: {read: canvas+0x10, is: 0xcafe}}: the step that every expectation stands in. */
final class ExpectStep extends StepType {
  private final FormField<Phrase<ExpectationType>> expectation;

  ExpectStep(ImmutableList<ExpectationType> known) {
    super("expect", "Says what must be so by now.");
    expectation = bare(new Subject(known), "The subject, and how it must be.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    Phrase<ExpectationType> expected = step.get(expectation);
    expected.form().check(expected.args(), process);
    process.expectationMet();
    return null;
  }

  /** {@inheritDoc} That is a question to the expectation itself. */
  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected String words(Step step) {
    Phrase<ExpectationType> expected = step.get(expectation);
    return expected.form().words(expected.args());
  }

  /** The expectation that {@code step} states; null if it is another step. */
  static @Nullable Phrase<ExpectationType> of(Step step) {
    return step.type() instanceof ExpectStep expect ? step.get(expect.expectation) : null;
  }

  /** A mapping that names one of {@code known}, as a JSON Schema. */
  static ObjectNode schemaOf(ImmutableList<ExpectationType> known, Definitions definitions) {
    return JsonSchema.subject(
        definitions.taken(known).stream()
            .collect(
                toImmutableMap(
                    Form::keyword, type -> type.schema("expect." + type.keyword(), definitions))));
  }

  /** A mapping that names exactly one subject, in any place. */
  private static final class Subject extends FieldType<Phrase<ExpectationType>> {
    private final ImmutableMap<String, ExpectationType> known;

    Subject(ImmutableList<ExpectationType> known) {
      super("an expectation", "", "{read: canvas+0x10, is: 0xcafe}");
      this.known = Maps.uniqueIndex(known, Form::keyword);
    }

    @Override
    Phrase<ExpectationType> read(YamlValue body, Scope scope) throws ScenarioException {
      Fields fields = body.mapping("expect");
      ImmutableList<String> subjects =
          fields.keys().stream().filter(known::containsKey).collect(toImmutableList());
      if (subjects.size() > 1) {
        throw fields.wrong(
            "expect looks at one thing, not at '%s' and '%s'"
                .formatted(subjects.get(0), subjects.get(1)),
            "make two steps of it");
      }
      if (subjects.isEmpty()) {
        String first = fields.keys().isEmpty() ? "" : fields.keys().get(0);
        throw fields.unknown(first, "expect does not say what to look at", known.keySet());
      }
      ExpectationType type = requireNonNull(known.get(subjects.get(0)));
      try {
        return new Phrase<>(body.place(), type, type.read(fields, scope));
      } catch (ScenarioException e) {
        throw e.seeing(type.keyword());
      }
    }

    @Override
    public ImmutableList<ExpectationType> forms() {
      return known.values().asList();
    }

    @Override
    ObjectNode schema(Definitions definitions) {
      return schemaOf(known.values().asList(), definitions);
    }
  }
}
