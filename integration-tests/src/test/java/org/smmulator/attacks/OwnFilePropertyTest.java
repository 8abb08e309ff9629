package org.smmulator.attacks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three processes make calls by chance, each on a file of its own, beside a client that does no
 * harm.
 *
 * <p>More of it: {@code -Dsmmulator.attacks.ownCalls=1000000}.
 */
class OwnFilePropertyTest {
  private static final int CALLS = Integer.getInteger("smmulator.attacks.ownCalls", 3_000);

  @ParameterizedTest
  @CsvSource({
    "db845c, first-come",
    "db845c, random",
    "db845c, pct",
    "virt, first-come",
    "virt, random",
    "virt, pct",
    "tm2, first-come",
    "tm2, random",
    "tm2, pct"
  })
  void whoHasAFileOfItsOwnHarmsNobodyElse(String board, String schedule) throws Exception {
    int calls = board.equals("tm2") ? CALLS / 5 : CALLS; // its jobs are whole images
    new RandomRun(board, schedule, 1, 3, 0, calls).check();
  }
}
