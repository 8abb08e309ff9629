package org.smmulator.attacks;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.machine.Boards;

/**
 * Three processes make calls by chance, each on a file of its own, beside a client that does no
 * harm.
 *
 * <p>More of it: {@code -Dsmmulator.attacks.ownCalls=1000000}.
 */
class OwnFilePropertyTest {
  private static final int CALLS = Integer.getInteger("smmulator.attacks.ownCalls", 3_000);

  static Stream<Arguments> boardsAndSchedules() {
    return new Boards()
        .names().stream()
            .filter(board -> !board.startsWith("granules")) // no device there has files' tables
            .flatMap(board ->
                Stream.of("first-come", "random", "pct")
                    .map(schedule -> Arguments.of(board, schedule)));
  }

  @ParameterizedTest
  @MethodSource("boardsAndSchedules")
  void whoHasAFileOfItsOwnHarmsNobodyElse(String board, String schedule) throws Exception {
    boolean images = board.equals("snow") || board.equals("tm2"); // a job is a whole one
    new RandomRun(board, schedule, 1, 3, 0, images ? CALLS / 5 : CALLS).check();
  }
}
