package org.smmulator.cli.suite;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.Scenario;

/**
 * One test: a scenario on one board.
 *
 * @param name what lists and reports call it: {@code gpu/hang}, {@code both@db410c}
 * @param scenario null if its file cannot be read
 * @param problem why, and where; empty if it can
 */
public record SuiteTest(String name, @Nullable Scenario scenario, String problem) {}
