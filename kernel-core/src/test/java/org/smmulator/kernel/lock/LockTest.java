package org.smmulator.kernel.lock;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EALREADY;
import static org.smmulator.kernel.errno.Errno.EDEADLK;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;

/** Locks that sleep, and the order in which they may be taken. */
class LockTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  private final Lockdep lockdep = new Lockdep(scheduler);
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void whoWaitsForAMutexGetsItWhenItsOwnerLetsGo() {
    Mutex mutex = lockdep.mutex("queue");
    spawn(
        "first",
        () -> {
          try (var _ = mutex.lock()) {
            scheduler.sleep(100);
            note("first");
          }
        });
    spawn(
        "second",
        () -> {
          scheduler.sleep(10);
          try (var _ = mutex.lock()) {
            note("second");
          }
        });

    run();

    assertThat(log).containsExactly("100 first", "100 second").inOrder();
  }

  @Test
  void aKillEndsAnInterruptibleWaitForALock() {
    Mutex mutex = lockdep.mutex("queue");
    Task victim = new Task(2, "victim", false);
    spawn(
        "owner",
        () -> {
          try (var _ = mutex.lock()) {
            scheduler.sleep(50);
            scheduler.kill(victim);
            scheduler.sleep(50);
          }
        });
    scheduler.spawnUser(
        victim,
        () -> {
          scheduler.sleep(10);
          var e = assertThrows(ErrnoException.class, mutex::lockInterruptible);
          note(e.errno() == ERESTARTSYS ? "restart" : "wrong");
        });

    run();

    assertThat(log).containsExactly("50 restart");
  }

  @Test
  void anOrderThatCouldDeadlockIsReportedAlthoughThisRunWouldNot() {
    Mutex a = lockdep.mutex("a");
    Mutex b = lockdep.mutex("b");
    spawn("x", () -> nested(a, b));
    spawn(
        "y",
        () -> {
          scheduler.sleep(1000);
          nested(b, a);
        });

    var stopped = assertThrows(MachineStopped.class, this::run);

    assertThat(stopped.report()).contains("possible circular locking dependency detected");
  }

  @Test
  void twoMutexesOfOneClassAreNotHeldTogether() {
    spawn("x", () -> nested(lockdep.mutex("object"), lockdep.mutex("object")));

    var stopped = assertThrows(MachineStopped.class, this::run);

    assertThat(stopped.report()).contains("possible recursive locking detected: object");
  }

  @Test
  void theYoungerTransactionBacksOffAndTheOlderWins() {
    WwMutex left = lockdep.wwMutex("resv");
    WwMutex right = lockdep.wwMutex("resv");
    spawn("old", () -> takeBoth("old", new WwMutex.Transaction(1), left, right));
    spawn("young", () -> takeBoth("young", new WwMutex.Transaction(2), right, left));

    run();

    assertThat(log).containsExactly("20 young EDEADLK", "30 old has both").inOrder();
  }

  /** Kernel: {@code __ww_mutex_check_kill()} looks again whenever an older one gets the lock. */
  @Test
  void whoWaitsForAYoungerOneBacksOffWhenAnOlderOneGetsTheLockFirst() {
    WwMutex left = lockdep.wwMutex("resv");
    WwMutex right = lockdep.wwMutex("resv");
    spawn("youngest", () -> takeBoth("youngest", new WwMutex.Transaction(3), right, right));
    spawn(
        "oldest",
        () -> {
          scheduler.sleep(5);
          takeBoth("oldest", new WwMutex.Transaction(1), right, left);
        });
    spawn(
        "middle",
        () -> {
          scheduler.sleep(5);
          takeBoth("middle", new WwMutex.Transaction(2), left, right); // held until it backs off
        });

    run();

    assertThat(log).containsExactly("20 youngest wrong", "25 middle EDEADLK", "50 oldest has both");
  }

  @Test
  void aKillEndsAnInterruptibleWaitOfATransaction() {
    WwMutex lock = lockdep.wwMutex("resv");
    Task victim = new Task(2, "victim", false);
    spawn(
        "owner",
        () -> {
          try (var transaction = new WwMutex.Transaction(1)) {
            lock.lockSlow(transaction);
            scheduler.sleep(50);
            scheduler.kill(victim);
            scheduler.sleep(50);
          }
        });
    scheduler.spawnUser(
        victim,
        () -> {
          scheduler.sleep(10);
          try (var transaction = new WwMutex.Transaction(2)) {
            var e =
                assertThrows(ErrnoException.class, () -> lock.lockSlowInterruptible(transaction));
            note(e.errno().toString());
          }
        });

    run();

    assertThat(log).containsExactly("50 EINTR");
  }

  @Test
  void aTransactionGivesOneLockBackAndKeepsTheOthers() {
    WwMutex left = lockdep.wwMutex("resv");
    WwMutex right = lockdep.wwMutex("resv");
    spawn(
        "x",
        () -> {
          try (var transaction = new WwMutex.Transaction(1)) {
            left.lock(transaction);
            right.lock(transaction);
            left.unlock(transaction);
            note(left.isLocked() + " " + right.isLocked());
            assertThrows(IllegalStateException.class, () -> left.unlock(transaction));
          } catch (ErrnoException e) {
            throw new AssertionError(e);
          }
        });

    run();

    assertThat(log).containsExactly("0 false true");
    assertThat(right.isLocked()).isFalse();
  }

  @Test
  void aLockTakenTwiceInOneTransactionIsEalready() {
    WwMutex lock = lockdep.wwMutex("resv");
    spawn(
        "x",
        () -> {
          try (var transaction = new WwMutex.Transaction(1)) {
            lock.lock(transaction);
            var e = assertThrows(ErrnoException.class, () -> lock.lock(transaction));
            note(e.errno() == EALREADY ? "already" : "wrong");
          } catch (ErrnoException e) {
            throw new AssertionError(e);
          }
        });

    run();

    assertThat(log).containsExactly("0 already");
    assertThat(lock.isLocked()).isFalse();
  }

  private void takeBoth(
      String who, WwMutex.Transaction transaction, WwMutex first, WwMutex second) {
    try (transaction) {
      first.lock(transaction);
      scheduler.sleep(20);
      second.lock(transaction);
      scheduler.sleep(10);
      note(who + " has both");
    } catch (ErrnoException e) {
      note(who + " " + (e.errno() == EDEADLK ? "EDEADLK" : "wrong"));
    }
  }

  private static void nested(Mutex outer, Mutex inner) {
    try (var _ = outer.lock();
        var _ = inner.lock()) {
      // the order is the point
    }
  }

  private void spawn(String name, Runnable body) {
    var _ = scheduler.spawnUser(new Task(1, name, false), body);
  }

  private void note(String what) {
    log.add(scheduler.nowNs() + " " + what);
  }

  private void run() {
    var _ = scheduler.run(() -> false);
  }
}
