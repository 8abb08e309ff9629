package org.smmulator.attacks;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two to four processes make calls by chance on one open file or on two, at the same time, beside a
 * client with a file of its own. Whatever they do the machine goes on, the other client is not
 * harmed, and nothing is left of them.
 *
 * <p>More of it: {@code -Dsmmulator.attacks.seeds=300 -Dsmmulator.attacks.calls=100000}.
 */
class SharedFilePropertyTest {
  private static final int SEEDS = Integer.getInteger("smmulator.attacks.seeds", 40);
  private static final int CALLS = Integer.getInteger("smmulator.attacks.calls", 300);

  static Stream<Arguments> schedulesAndSeeds() {
    return Stream.of("first-come", "random", "pct")
        .flatMap(schedule ->
            Stream.iterate(0, seed -> seed + 1)
                .limit(SEEDS)
                .map(seed -> Arguments.of(schedule, seed)));
  }

  static Stream<Arguments> schedulesAndFewSeeds() {
    return schedulesAndSeeds().filter(each -> (int) each.get()[1] < 1 + SEEDS / 10);
  }

  @ParameterizedTest(name = "schedule {0}, seed {1}")
  @MethodSource("schedulesAndSeeds")
  void whoSharesAFileHarmsNobodyElse(String schedule, int seed) throws Exception {
    Random random = new Random(seed);
    int processes = 2 + random.nextInt(3);
    int files = 1 + random.nextInt(2);
    new RandomRun("db845c", schedule, seed, processes, files, CALLS).check();
  }

  @ParameterizedTest(name = "schedule {0}, seed {1}")
  @MethodSource("schedulesAndSeeds")
  void whoSharesAnEnginesFileHarmsNobodyElse(String schedule, int seed) throws Exception {
    new RandomRun("virt", schedule, seed, 3, 1, CALLS / 4).check();
  }

  @ParameterizedTest(name = "schedule {0}, seed {1}")
  @MethodSource("schedulesAndFewSeeds")
  void whoSharesAnExynosFileHarmsNobodyElse(String schedule, int seed) throws Exception {
    new RandomRun("tm2", schedule, seed, 3, 1 + seed % 2, CALLS).check();
  }
}
