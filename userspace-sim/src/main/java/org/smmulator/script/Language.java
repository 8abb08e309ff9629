package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ServiceLoader;

/** All that a scenario can say: the vocabularies of several rooms together. */
public final class Language {
  private final ImmutableList<ExpectationType> expectations;
  private final Choice<StepType> steps;

  /** Joins {@code vocabularies}, in this order. */
  public Language(ImmutableList<Vocabulary> vocabularies) {
    expectations =
        vocabularies.stream().flatMap(v -> v.expectations().stream()).collect(toImmutableList());
    ImmutableList<StepType> all =
        ImmutableList.<StepType>builder()
            .addAll(vocabularies.stream().flatMap(v -> v.steps().stream()).iterator())
            .add(new ExpectStep(expectations))
            .build();
    steps = new Choice<>("step", "begin each step with its own '- '", all);
  }

  /** The language with every vocabulary on the class path, in the order of their services files. */
  public static Language installed() {
    return new Language(ImmutableList.copyOf(ServiceLoader.load(Vocabulary.class)));
  }

  /** The steps. */
  public Choice<StepType> steps() {
    return steps;
  }

  /** The expectations, in the order of the reference. */
  public ImmutableList<ExpectationType> expectations() {
    return expectations;
  }

  /**
   * The keywords of the steps on one side that yield a {@code kind}: {@code get_param, gem_info or
   * read}.
   */
  String makersOf(Kind<?> kind, Side side) {
    ImmutableList<String> makers =
        steps.forms().stream()
            .filter(step -> step.standsOn(side) && step.yields() != null)
            .filter(step -> kind.includes(requireNonNull(step.yields())))
            .map(Form::keyword)
            .collect(toImmutableList());
    if (makers.isEmpty()) {
      return "of the other side";
    }
    String allButLast = String.join(", ", makers.subList(0, makers.size() - 1));
    return allButLast.isEmpty() ? makers.getLast() : allButLast + " or " + makers.getLast();
  }
}
