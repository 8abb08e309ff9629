package org.smmulator.machine;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /** The one of {@code known} that is fewest edits away; null if none is near. */
  public static @Nullable String to(String word, Iterable<String> known) {
    String best = null;
    int bestDistance = Math.max(1, word.length() / 2) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** A cure: what was probably meant, and everything that would do. */
  public static String cure(String word, Collection<String> known) {
    String near = to(word, known);
    String all = known.isEmpty() ? "there is none yet" : "known: " + String.join(", ", known);
    return near == null ? all : "did you mean '%s'? %s".formatted(near, all);
  }

  /** Levenshtein's distance, one row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
