package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/**
 * Processes that make calls by chance at the same time, beside a victim with a file of its own. One
 * that dies is followed by another, until all calls are made.
 *
 * @param processes how many there are at a time
 * @param files how many files they share; 0 if each opens one for itself
 * @param calls how many they make together
 * @param settings what is other about the machine
 */
record RandomRun(
    String board,
    String schedule,
    int seed,
    int processes,
    int files,
    int calls,
    ImmutableMap<String, String> settings) {
  /** The same on a machine with its usual settings. */
  RandomRun(String board, String schedule, int seed, int processes, int files, int calls) {
    this(board, schedule, seed, processes, files, calls, ImmutableMap.of());
  }

  private static final long PAUSE_NS = 100_000;

  /** A run that goes on. */
  private final class Attack {
    final Machine machine;
    final Victim victim;
    int left = calls;
    int living;
    int born;
    long accepted;

    Attack(Machine machine) throws ErrnoException {
      this.machine = machine;
      this.victim = victimOn(machine);
    }

    /** Lives as long as calls are to be made, and bears those who make them. */
    void keep(Client own) {
      try {
        List<Integer> fds = openFiles(own, files);
        while (left > 0) {
          while (living < processes) {
            bear(own, fds);
          }
          machine.scheduler().sleep(PAUSE_NS);
        }
        while (living > 0) {
          machine.scheduler().sleep(PAUSE_NS);
        }
        victim.release();
      } catch (ErrnoException e) {
        throw new IllegalStateException(e);
      }
    }

    private void bear(Client own, List<Integer> fds) throws ErrnoException {
      int number = born++;
      living++;
      int pid = own.fork(child -> live(child, fds, seed * 31_000_003L + number));
      machine.onDeath(pid, signal -> living--);
    }

    private void live(Client own, List<Integer> fds, long chance) {
      machine.allowDeath(own); // of a SIGBUS, where somebody took the pages of what it has mapped
      try {
        List<Integer> usable = files == 0 ? openFiles(own, 1) : fds;
        RandomCaller caller = callerOn(machine, own, usable, chance);
        while (left > 0) {
          left--;
          if (caller.isAccepted()) {
            accepted++;
          }
        }
      } catch (ErrnoException e) {
        throw new IllegalStateException(e);
      }
    }

    private List<Integer> openFiles(Client own, int count) throws ErrnoException {
      List<Integer> fds = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        fds.add(own.open(node(seed + born + i)));
      }
      return fds;
    }
  }

  /** The driver that a board's clients call. */
  private enum Driver {
    MSM,
    EXYNOS,
    ENGINES
  }

  private Driver driver() {
    return switch (board) {
      case "db410c", "db820c", "db845c", "db845c-gmu-apart", "trogdor" -> Driver.MSM;
      case "snow", "tm2" -> Driver.EXYNOS;
      case "virt" -> Driver.ENGINES;
      default -> throw new IllegalArgumentException(board);
    };
  }

  private Victim victimOn(Machine machine) throws ErrnoException {
    return switch (driver()) {
      case MSM -> new MsmVictim(machine);
      case EXYNOS -> new ExynosVictim(machine);
      case ENGINES -> new CopyVictim(machine);
    };
  }

  private RandomCaller callerOn(Machine machine, Client own, List<Integer> fds, long chance)
      throws ErrnoException {
    return switch (driver()) {
      case MSM -> new RandomMsmClient(machine, own, fds, chance);
      case EXYNOS -> new RandomExynosClient(machine, own, fds, chance);
      case ENGINES -> new RandomEngineClient(machine, own, fds, chance);
    };
  }

  private String node(int which) {
    return switch (driver()) {
      case MSM -> RawMsm.NODE;
      case EXYNOS -> RandomExynosClient.NODE;
      case ENGINES -> RandomEngineClient.node(which);
    };
  }

  /** Runs it: the machine goes on, the victim is not harmed, and nothing is left of the others. */
  void check() throws Exception {
    KernelConfig config =
        KernelConfig.defaults()
            .with("schedule", schedule)
            .with("seed", "" + seed)
            .with("mm.swap-pages", "64")
            .with("exynos.pagetables", "bind-task"); // else lists that stray reach the victim
    if (board.equals("db410c") || board.equals("db820c")) {
      config = config.with("msm.pagetables", "bind-task"); // else all files share one table
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      config = config.with(setting.getKey(), setting.getValue());
    }
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).watched().boot()) {
      machine.settle();
      Attack attack = new Attack(machine);
      Client _ = machine.spawn("attackers", attack::keep);

      machine.settle();

      assertWithMessage("%s", this).that(attack.victim.harm()).isEmpty();
      assertWithMessage("%s", this).that(machine.isolation().trespasses()).isEmpty();
      assertWithMessage("%s", this).that(attack.left).isEqualTo(0);
      assertWithMessage("%s", this).that(machine.processes().all()).isEmpty();
      assertWithMessage("%s", this).that(machine.leakedPages()).isEmpty();
      assertWithMessage("%s", this).that(attack.accepted).isGreaterThan(calls / 10L);
      assertWithMessage("%s", this).that(warnings(machine)).isEmpty();
    }
  }

  /** The warnings, but for those of a table at a client of an engine that maps an address twice. */
  private static List<String> warnings(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(text -> text.contains("WARNING") && !text.endsWith(" is mapped already"))
        .toList();
  }
}
