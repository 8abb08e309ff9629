package org.smmulator.script;

/**
 * The surroundings of a value in a file.
 *
 * @param process the process whose step it is in
 * @param side where that process runs
 * @param names the names given so far
 * @param depth how many steps it stands in that have steps themselves
 */
record Scope(String process, Side side, Names names, int depth) {
  private static final int MAX_DEPTH = 8;

  /** The surroundings of steps inside a step. */
  Scope inside(String owner, SourceLocation place) throws ScenarioException {
    if (depth == MAX_DEPTH) {
      throw new ScenarioException(
          place,
          "steps stand in steps more than %d levels deep".formatted(MAX_DEPTH),
          "take some of them out");
    }
    return new Scope(owner, side, names, depth + 1);
  }
}
