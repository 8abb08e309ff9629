package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertWithMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/**
 * Two to four processes make calls by chance on one open file or on two, at the same time, beside a
 * client with a file of its own. Whatever they do the machine goes on, the other client is not
 * harmed, and nothing is left of them.
 *
 * <p>More of it: {@code -Dsmmulator.attacks.seeds=300 -Dsmmulator.attacks.calls=35000}.
 */
class SharedFilePropertyTest {
  private static final int SEEDS = Integer.getInteger("smmulator.attacks.seeds", 40);
  private static final int CALLS = Integer.getInteger("smmulator.attacks.calls", 120);

  static Stream<Arguments> schedulesAndSeeds() {
    return Stream.of("first-come", "random", "pct")
        .flatMap(schedule ->
            Stream.iterate(0, seed -> seed + 1)
                .limit(SEEDS)
                .map(seed -> Arguments.of(schedule, seed)));
  }

  @ParameterizedTest(name = "schedule {0}, seed {1}")
  @MethodSource("schedulesAndSeeds")
  void whoSharesAFileHarmsNobodyElse(String schedule, int seed) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("schedule", schedule).with("seed", "" + seed);
    try (Machine machine = Machine.on(new Boards().load("db845c")).config(config).boot()) {
      machine.settle();
      Victim victim = new Victim(machine);
      List<RandomClient> attackers = new ArrayList<>();
      int[] running = {1};
      Client _ =
          machine.spawn("attacker", own -> attack(machine, own, seed, attackers, running, victim));

      machine.settle();

      String story = "schedule=%s seed=%d".formatted(schedule, seed);
      assertWithMessage(story).that(victim.harm()).isEmpty();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      assertWithMessage(story)
          .that(attackers.stream().mapToLong(RandomClient::accepted).sum())
          .isGreaterThan(CALLS / 3);
      assertWithMessage(story)
          .that(machine.dmesg().lines().stream().filter(l -> l.text().contains("WARNING")).toList())
          .isEmpty();
    }
  }

  private static void attack(
      Machine machine,
      Client own,
      int seed,
      List<RandomClient> attackers,
      int[] running,
      Victim victim) {
    Random random = new Random(seed);
    int processes = 2 + random.nextInt(3);
    try {
      List<Integer> fds = new ArrayList<>();
      for (int files = 1 + random.nextInt(2); files > 0; files--) {
        fds.add(own.open(RawMsm.NODE));
      }
      for (int i = 1; i < processes; i++) {
        long childSeed = seed * 31L + i;
        running[0]++;
        int _ = own.fork(child -> live(machine, child, fds, childSeed, attackers, running, victim));
      }
      live(machine, own, fds, seed * 31L, attackers, running, victim);
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void live(
      Machine machine,
      Client own,
      List<Integer> fds,
      long seed,
      List<RandomClient> attackers,
      int[] running,
      Victim victim) {
    RandomClient attacker = new RandomClient(machine, own, fds, seed);
    attackers.add(attacker);
    // One that dies of a signal counts as well: the victim must not wait for it for ever.
    machine.onDeath(
        own.pid(),
        signal -> {
          if (--running[0] == 0) {
            victim.release();
          }
        });
    attacker.run(CALLS);
  }
}
