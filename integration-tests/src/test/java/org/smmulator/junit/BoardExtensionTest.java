package org.smmulator.junit;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.testkit.engine.Events;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/** Machines of tests that pass, that fail, and of tests that ask for what cannot be. */
class BoardExtensionTest {
  // ---- what JUnit makes of tests with machines

  /** Run by the tests below alone: by its name no test runner finds it. */
  static final class Samples {
    static final List<Machine> MACHINES = new ArrayList<>();

    @Test
    void passes(@Board("virt") Machine one, @Board("db845c") Machine other) {
      MACHINES.add(one);
      MACHINES.add(other);
    }

    @Test
    void opensWhatThereIsNot(@Board("virt") Machine machine) throws Exception {
      MACHINES.add(machine);
      int _ = machine.host("painter").open("/dev/dri/renderD129");
    }

    @Test
    void leavesAProgramThatNeverRan(@Board("virt") Machine machine) throws Exception {
      MACHINES.add(machine);
      Client _ = machine.spawn("painter", own -> {});
    }
  }

  /** A test that asks for what there is not. */
  static final class WrongBoard {
    @Test
    void wants(@Board(value = "db845", set = "sed=1") Machine machine) {}
  }

  @Test
  void aBoardThatThereIsNotIsAnsweredWithTheNearest() {
    Throwable failure = SuiteRun.failure(SuiteRun.of(WrongBoard.class));

    assertThat(failure).isInstanceOf(ParameterResolutionException.class);
    assertThat(failure)
        .hasMessageThat()
        .contains("there is no board 'db845'\n  did you mean 'db845c'?");
  }

  /** Two processes whose order a schedule decides. */
  static final class ScheduledSamples {
    static final List<String> ORDERS = new ArrayList<>();

    @Schedules(count = 12)
    void eitherIsFirst(@Board("virt") Machine machine) throws Exception {
      StringBuilder order = new StringBuilder();
      for (String name : List.of("a", "b", "c")) {
        Client _ =
            machine.spawn(
                name,
                own -> {
                  machine.scheduler().sleep(100);
                  order.append(name);
                });
      }
      machine.settle();
      ORDERS.add(order.toString());
    }

    @Schedules(schedule = "pct", count = 2)
    void fails(@Board("virt") Machine machine) {
      throw new AssertionError(machine.board().model());
    }
  }

  @Test
  void eachRunHasAScheduleOfItsOwnWhichIsTheSameTheNextTime() {
    ScheduledSamples.ORDERS.clear();
    var _ = schedules();
    List<String> first = List.copyOf(ScheduledSamples.ORDERS);
    ScheduledSamples.ORDERS.clear();
    var _ = schedules();
    List<String> second = List.copyOf(ScheduledSamples.ORDERS);

    assertThat(first).hasSize(12);
    assertThat(Set.copyOf(first).size()).isGreaterThan(1);
    assertThat(second).isEqualTo(first);
  }

  @Test
  void aRunThatFailsTellsItsSeedAndKeepsItsTrace() {
    List<String> failed =
        schedules().failed().stream()
            .map(event -> event.getTestDescriptor().getDisplayName())
            .toList();

    assertThat(failed).containsExactly("schedule=pct, seed=0", "schedule=pct, seed=1").inOrder();
    assertThat(Files.exists(Path.of("target/smmulator/ScheduledSamples.fails.seed-1/trace.txt")))
        .isTrue();
  }

  private static Events schedules() {
    return SuiteRun.of(ScheduledSamples.class);
  }

  private static Throwable failureOf(String test) {
    return SuiteRun.failure(SuiteRun.of(Samples.class, test));
  }

  @Test
  void everyMachineIsClosedWhateverBecameOfItsTest() {
    Samples.MACHINES.clear();
    Events tests = SuiteRun.of(Samples.class);

    assertThat(tests.succeeded().count()).isEqualTo(1);
    assertThat(tests.failed().count()).isEqualTo(2);
    assertThat(Samples.MACHINES).hasSize(4);
    for (Machine machine : Samples.MACHINES) {
      // its memory has gone back to the host
      assertThrows(IllegalStateException.class, () -> machine.dram().getInt(firstAddress(machine)));
    }
  }

  private static long firstAddress(Machine machine) {
    return requireNonNull(machine.board().model()).contains("virt") ? 0x4000_0000L : 0x8000_0000L;
  }

  @Test
  void aFailureShowsWhereTheProgramFailedAndWhatTheKernelSaid() throws Exception {
    Throwable failure = failureOf("opensWhatThereIsNot");

    assertThat(failure).isInstanceOf(ErrnoException.class);
    assertThat(failure).hasMessageThat().startsWith("ENOENT");
    assertThat(failure.getStackTrace()).isNotEmpty();
    assertThat(failure.getSuppressed()).hasLength(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessageThat()
        .startsWith("the machine's log ended with:\n  [");
    Path kept = Path.of("target", "smmulator", "Samples.opensWhatThereIsNot");
    assertThat(Files.readString(kept.resolve("dmesg.txt"))).contains("Machine model:");
    assertThat(Files.readString(kept.resolve("trace.txt"))).startsWith("# tracer: nop");
  }

  @Test
  void aProgramThatNeverRanFailsItsTest() {
    assertThat(failureOf("leavesAProgramThatNeverRan"))
        .hasMessageThat()
        .contains("never began: the machine did not run");
  }
}
