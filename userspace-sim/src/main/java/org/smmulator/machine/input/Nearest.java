package org.smmulator.machine.input;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.EditDistance;

/** Finds the word that a user probably meant. */
public final class Nearest {
  /** A longer word is no mistyped one. */
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /** Returns the known word that is fewest edits away; null if none is near. */
  public static @Nullable String to(String word, Iterable<String> known) {
    if (word.length() > MAX_LENGTH) {
      return null;
    }
    String best = null;
    int bestDistance = Math.max(1, word.length() / 2) + 1;
    for (String candidate : known) {
      int distance = EditDistance.between(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Writes a cure: the word that was probably meant, and all known words. */
  public static String cure(String word, Collection<String> known) {
    String near = to(word, known);
    String all = known.isEmpty() ? "there is none yet" : "known: " + String.join(", ", known);
    return near == null ? all : "did you mean '%s'? %s".formatted(near, all);
  }
}
