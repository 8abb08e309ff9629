package org.smmulator.machine.input;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.EditDistance;

/** Finds the word that a user probably meant. */
public final class Nearest {
  /** A longer word is no mistyped one. */
  private static final int MAX_LENGTH = 64;

  /** A shorter one begins too many. */
  private static final int SHORTEST_BEGINNING = 3;

  /** Of more words than these nobody reads a list in a message. */
  private static final int MOST_NAMED = 40;

  private Nearest() {}

  /**
   * Returns the known word that is fewest edits away, or else the first that begins with {@code
   * word}; null if there is neither.
   */
  public static @Nullable String to(String word, Iterable<String> known) {
    if (word.length() > MAX_LENGTH) {
      return null;
    }
    String best = null;
    String begun = null;
    int bestDistance = Math.max(1, word.length() / 2) + 1;
    for (String candidate : known) {
      int distance = EditDistance.between(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
      if (begun == null && word.length() >= SHORTEST_BEGINNING && candidate.startsWith(word)) {
        begun = candidate;
      }
    }
    return best != null ? best : begun;
  }

  /** Writes a cure: the word that was probably meant, and the known words if they are few. */
  public static String cure(String word, Collection<String> known) {
    String near = to(word, known);
    if (known.size() > MOST_NAMED) {
      return near == null
          ? "none of the %d known words is like it".formatted(known.size())
          : "did you mean '%s'?".formatted(near);
    }
    String all = known.isEmpty() ? "there is none yet" : "known: " + String.join(", ", known);
    return near == null ? all : "did you mean '%s'? %s".formatted(near, all);
  }
}
