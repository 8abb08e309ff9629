package org.smmulator.kernel.firmware;

/** How far one word is from another, for messages that say what was probably meant. */
public final class EditDistance {
  private EditDistance() {}

  /**
   * How many mistakes of a typist make one word of the other: a letter too many or too few, another
   * letter, or two neighbours the wrong way round. Levenshtein's distance, with Damerau's swaps.
   */
  public static int between(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : fewest(a, b, i, j, rows);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int fewest(String a, String b, int i, int j, int[][] rows) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int fewest =
        Math.min(rows[i - 1][j - 1] + (same ? 0 : 1), Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(fewest, rows[i - 2][j - 2] + 1) : fewest;
  }
}
