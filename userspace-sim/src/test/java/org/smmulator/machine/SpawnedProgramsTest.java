package org.smmulator.machine;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.FatalSignal;

/** A program that fails in a process of its own fails the test that started it. */
class SpawnedProgramsTest {
  private static final long NOWHERE = 0x10;

  private Machine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
  }

  @Test
  void aProgramThatEndsIsAwaitedAndTheMachineClosesWithoutAWord() throws Exception {
    boolean[] done = {false};
    Client good = machine.spawn("good", _ -> done[0] = true);

    machine.await(good);

    assertThat(done[0]).isTrue();
    machine.close();
  }

  @Test
  void aFaultFailsTheRunThatItHappensIn() throws Exception {
    Client bad = machine.spawn("bad", own -> own.store32(NOWHERE, 1));

    var e = assertThrows(AssertionError.class, () -> machine.await(bad));

    assertThat(e).hasMessageThat().isEqualTo(bad + " died of SIGSEGV");
    machine.settle(); // told once
    machine.close();
  }

  @Test
  void aFaultThatHappensDuringACallOfAnotherProcessFailsTheClosing() throws Exception {
    Client bad = machine.spawn("bad", own -> own.store32(NOWHERE, 1));
    Client host = machine.host("host");

    for (int i = 0; i < 10; i++) {
      host.close(host.open("/dev/dri/renderD128"));
    }
    assertThat(machine.processes().find(bad.pid())).isNull();

    var e = assertThrows(AssertionError.class, machine::close);
    assertThat(e).hasMessageThat().isEqualTo(bad + " died of SIGSEGV");
  }

  @Test
  void aFaultThatIsExpectedIsNoFailure() throws Exception {
    Client bad = machine.spawn("bad", own -> own.store32(NOWHERE, 1));
    machine.expectDeath(bad, FatalSignal.SIGSEGV);

    machine.await(bad);
    machine.close();
  }

  @Test
  void aProgramThatMayDieNeedNot() throws Exception {
    Client _ = machine.spawn("careless", own -> mayStore(own, NOWHERE));
    Client _ = machine.spawn("careful", own -> mayStore(own, 0));

    machine.settle();

    assertThat(machine.processes().all()).isEmpty();
    machine.close();
  }

  private void mayStore(Client own, long va) {
    machine.allowDeath(own);
    if (va != 0) {
      own.store32(va, 1);
    }
  }

  @Test
  void aDeathThatIsExpectedMustCome() throws Exception {
    Client ends = machine.spawn("ends", _ -> {});
    machine.expectDeath(ends, FatalSignal.SIGSEGV);
    var e = assertThrows(AssertionError.class, machine::settle);
    assertThat(e).hasMessageThat().isEqualTo(ends + " had to die of SIGSEGV and ended");

    Client faults = machine.spawn("faults", own -> own.store32(NOWHERE, 1));
    machine.expectDeath(faults, FatalSignal.SIGKILL);
    e = assertThrows(AssertionError.class, machine::settle);
    assertThat(e).hasMessageThat().isEqualTo(faults + " had to die of SIGKILL and died of SIGSEGV");

    Client sleeps = machine.spawn("sleeps", _ -> machine.scheduler().sleep(1_000_000));
    machine.expectDeath(sleeps, FatalSignal.SIGTERM);
    long now = machine.scheduler().nowNs();
    assertThat(machine.run(() -> machine.scheduler().nowNs() > now)).isTrue();
    e = assertThrows(AssertionError.class, machine::close);
    assertThat(e).hasMessageThat().isEqualTo(sleeps + " had to die of SIGTERM and lives");
  }

  @Test
  void aProcessThatAnotherKillsHasNotFailed() throws Exception {
    Client victim = machine.spawn("victim", _ -> machine.scheduler().sleep(1_000_000));
    Client unborn = machine.spawn("unborn", _ -> {});
    Client killer = machine.host("killer");

    machine.processes().kill(requireNonNull(machine.processes().find(unborn.pid())));
    killer.kill(victim.pid());
    machine.settle();

    assertThat(machine.processes().find(victim.pid())).isNull();
    machine.close();
  }

  @Test
  void whatAProgramThrowsIsThrownAsItIsAndTheMachineGoesOn() throws Exception {
    AssertionError thrown = new AssertionError("seven is not eight");
    Client bad =
        machine.spawn(
            "bad",
            _ -> {
              throw thrown;
            });

    assertThat(assertThrows(AssertionError.class, machine::settle)).isSameInstanceAs(thrown);

    assertThat(machine.processes().find(bad.pid())).isNull();
    assertThat(machine.leakedPages()).isEmpty();
    Client good = machine.spawn("good", _ -> {});
    machine.await(good);
    machine.close();
  }

  @Test
  void ofSeveralFailuresTheFirstIsThrownAndTheOthersWithIt() throws Exception {
    Client one = machine.spawn("one", _ -> {});
    Client two = machine.spawn("two", _ -> {});

    var e = assertThrows(AssertionError.class, machine::close);

    assertThat(e).hasMessageThat().startsWith(one + " never began");
    assertThat(e.getSuppressed()[0]).hasMessageThat().startsWith(two + " never began");
  }

  @Test
  void aProgramThatNeverBeganFailsTheClosing() throws Exception {
    Client idle = machine.spawn("idle", _ -> {});

    var e = assertThrows(AssertionError.class, machine::close);

    assertThat(e).hasMessageThat().isEqualTo(idle + " never began: the machine did not run");
  }

  @Test
  void childrenAreHeldToTheSame() throws Exception {
    Client _ =
        machine.spawn(
            "parent",
            own -> {
              try {
                int _ = own.fork(child -> child.store32(NOWHERE, 1));
              } catch (ErrnoException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(assertThrows(AssertionError.class, machine::settle))
        .hasMessageThat()
        .contains("died of SIGSEGV");

    IllegalStateException thrown = new IllegalStateException("by a child");
    Client host = machine.host("host");
    int _ =
        host.fork(_ -> {
          throw thrown;
        });
    assertThat(assertThrows(IllegalStateException.class, machine::settle)).isSameInstanceAs(thrown);
    machine.close();
  }

  @Test
  void aBugOfTheKernelStillStopsTheMachine() throws Exception {
    machine
        .nodes()
        .add(
            "/dev/broken",
            new Node.TextFile(
                0444,
                () -> {
                  throw new IllegalStateException("broken");
                },
                null));
    Client _ =
        machine.spawn(
            "user",
            own -> {
              try {
                var _ = own.read(own.openForReading("/dev/broken"), 1);
              } catch (ErrnoException e) {
                throw new AssertionError(e);
              }
            });

    var stopped = assertThrows(MachineStopped.class, machine::settle);

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.BUG);
    machine.close();
  }
}
