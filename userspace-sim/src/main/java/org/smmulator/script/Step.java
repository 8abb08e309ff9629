package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.script.Form.Phrase;
import org.smmulator.userspace.FatalSignal;

/** One step of a process. */
public record Step(SourceLocation place, StepType type, Args args) {
  Step(Phrase<StepType> phrase) {
    this(phrase.place(), phrase.form(), phrase.args());
  }

  /** The word it was written with, such as {@code gem_new}. */
  public String keyword() {
    return type.keyword();
  }

  /** The value of a field that is required or has a default. */
  public <T> T get(FormField<T> field) {
    return args.get(field);
  }

  /** The value of a field; null if the file leaves it out and it has no default. */
  public <T> @Nullable T find(FormField<T> field) {
    return args.find(field);
  }

  /** The name of its result; null if nobody needs it. */
  public @Nullable String as() {
    StepType.Name name = args.find(StepType.AS);
    return name == null ? null : name.text();
  }

  /** The end of a sentence that tells the name of its result: {@code " as canvas"}, or nothing. */
  public String asWords() {
    return as() == null ? "" : " as " + as();
  }

  /** The error that it must end with; null if it must succeed. */
  public @Nullable Errno errno() {
    return args.find(StepType.ERRNO);
  }

  /** The signal that its process must die of while it does this step; null if it must live. */
  @Nullable FatalSignal dies() {
    return args.find(StepType.DIES);
  }

  /** The processes that it starts. */
  ImmutableList<Scenario.ProcessScript> children() {
    return type.children(this);
  }

  /** True if something is expected of it or of a child, or it is an expectation itself. */
  boolean expectsSomething() {
    return expectsSomethingItself()
        || children().stream()
            .flatMap(child -> child.steps().stream())
            .anyMatch(Step::expectsSomething);
  }

  /** True if something is expected of it, or it is an expectation itself. */
  boolean expectsSomethingItself() {
    return errno() != null || dies() != null || ExpectStep.of(this) != null;
  }

  /** The act of the process, or its attempt, as a story tells it. */
  public String words() {
    String words = type.words(this);
    return errno() == null ? words : "%s: %s, as expected".formatted(words, errno());
  }
}
