package org.smmulator.cli.suite;

import org.smmulator.script.Scenario;
import org.smmulator.story.StoryFile;

/**
 * One test: a scenario on one board.
 *
 * @param name what lists and reports call it: {@code gpu/hang}, {@code both@db410c}
 */
public record SuiteTest(String name, Subject subject) {
  /** The scenario of a test. */
  public sealed interface Subject {
    /** A scenario file. */
    record OfScenario(Scenario scenario) implements Subject {}

    /** A scenario in Java. */
    record OfStory(StoryFile file) implements Subject {}

    /**
     * A file that cannot be read.
     *
     * @param problem why, and where
     */
    record Unusable(String problem) implements Subject {}
  }
}
