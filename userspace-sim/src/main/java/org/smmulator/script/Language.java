package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ServiceLoader;

/** All that a scenario can say: the vocabularies of several rooms together. */
public final class Language {
  private static final int MOST_MAKERS_NAMED = 7;

  private final ImmutableList<Room> rooms;
  private final ImmutableList<ExpectationType> expectations;
  private final Choice<StepType> steps;
  private final Choice<FaultType> faults;

  /** The words of one vocabulary; the first room has those of the language itself. */
  public record Room(
      String name,
      ImmutableList<StepType> steps,
      ImmutableList<ExpectationType> expectations,
      ImmutableList<FaultType> faults) {

    /** All of them, steps first. */
    public ImmutableList<Form> forms() {
      return ImmutableList.<Form>builder()
          .addAll(steps)
          .addAll(expectations)
          .addAll(faults)
          .build();
    }
  }

  /** Joins {@code vocabularies}, in this order. */
  public Language(ImmutableList<Vocabulary> vocabularies) {
    ImmutableList<Room> others =
        vocabularies.stream()
            .map(each -> new Room(each.name(), each.steps(), each.expectations(), each.faults()))
            .collect(toImmutableList());
    expectations =
        others.stream().flatMap(room -> room.expectations().stream()).collect(toImmutableList());
    Room own =
        new Room(
            "scenario",
            ImmutableList.of(
                new ExpectStep(expectations),
                new RepeatStep(),
                new ForkStep(),
                new ForkStep.Parallel(),
                new BarrierStep()),
            ImmutableList.of(),
            ImmutableList.of());
    rooms = ImmutableList.<Room>builder().add(own).addAll(others).build();
    steps =
        new Choice<>(
            "step",
            "begin each step with its own '- '",
            rooms.stream().flatMap(room -> room.steps().stream()).collect(toImmutableList()));
    faults =
        new Choice<>(
            "fault",
            "begin each fault with its own '- '",
            rooms.stream().flatMap(room -> room.faults().stream()).collect(toImmutableList()));
  }

  /** The language with every vocabulary on the class path, in the order of their services files. */
  public static Language installed() {
    return new Language(ImmutableList.copyOf(ServiceLoader.load(Vocabulary.class)));
  }

  /** The vocabularies, in the order of the reference. */
  public ImmutableList<Room> rooms() {
    return rooms;
  }

  /** The steps. */
  public Choice<StepType> steps() {
    return steps;
  }

  /** The kinds of faults. */
  public Choice<FaultType> faults() {
    return faults;
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
    int named = Math.min(makers.size() - 1, MOST_MAKERS_NAMED);
    String allButLast = String.join(", ", makers.subList(0, named));
    String last = named < makers.size() - 1 ? "another" : makers.getLast();
    return allButLast.isEmpty() ? last : allButLast + " or " + last;
  }
}
