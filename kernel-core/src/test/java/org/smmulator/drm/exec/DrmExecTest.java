package org.smmulator.drm.exec;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;

/** Locking of many buffers: the cases of the kernel's {@code drm_exec_test.c}, and contention. */
class DrmExecTest {
  private Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
  private final List<String> log = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private class Buffer extends GemObject {
    private final String name;

    Buffer(String name) {
      super(4096, reservations.reservation(), new VmaOffsetManager(new FaultInjector()));
      this.name = name;
      buffers.add(this);
    }

    @Override
    protected void free() {
      log.add(name + " freed");
    }

    @Override
    public long fault(long offset) {
      return offset;
    }
  }

  private interface Body {
    void run() throws ErrnoException;
  }

  private void task(String name, Body body) {
    spawn(new Task(100, name, false), body);
  }

  private void spawn(Task task, Body body) {
    var _ =
        scheduler.spawnUser(
            task,
            () -> {
              try {
                body.run();
              } catch (ErrnoException e) {
                log.add(task + " " + e.errno());
              }
            });
  }

  private void run() {
    var _ = scheduler.run(() -> false);
    for (Buffer each : buffers) {
      assertThat(each.reservation().lock().isLocked()).isFalse();
    }
  }

  private DrmExec exec(int flags) {
    return new DrmExec(reservations, flags);
  }

  @Test // sanitycheck
  void nothingIsLockedAndUnlocked() {
    task("x", () -> exec(DrmExec.INTERRUPTIBLE_WAIT).close());

    run();
  }

  @Test // test_lock
  void oneIsLockedUntilTheEnd() {
    Buffer one = new Buffer("one");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
            exec.untilAllLocked(() -> exec.lock(one));
            log.add("locked " + one.reservation().lock().isLocked());
          }
        });

    run();

    assertThat(log).containsExactly("locked true");
  }

  @Test // test_lock_unlock
  void oneIsUnlockedAndLockedAgain() {
    Buffer one = new Buffer("one");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
            exec.untilAllLocked(() -> {
              exec.lock(one);
              exec.unlock(one);
              log.add("locked " + one.reservation().lock().isLocked());
              exec.lock(one);
            });
            log.add(exec.objects().size() + " locked");
          }
        });

    run();

    assertThat(log).containsExactly("locked false", "1 locked").inOrder();
  }

  @Test // test_duplicates
  void aDuplicateIsIgnoredIfThatIsWanted() {
    Buffer one = new Buffer("one");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(DrmExec.IGNORE_DUPLICATES)) {
            exec.untilAllLocked(() -> {
              exec.lock(one);
              exec.lock(one);
            });
            exec.unlock(one);
            log.add("locked " + one.reservation().lock().isLocked());
          }
        });

    run();

    assertThat(log).containsExactly("locked false");
  }

  @Test
  void aDuplicateIsEalreadyOtherwiseAndTheRestStaysLockedUntilTheEnd() {
    Buffer one = new Buffer("one");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(0)) {
            var e =
                assertThrows(
                    ErrnoException.class,
                    () ->
                        exec.untilAllLocked(() -> {
                          exec.lock(one);
                          exec.lock(one);
                        }));
            log.add(e.errno() + ", locked " + one.reservation().lock().isLocked());
          }
        });

    run();

    assertThat(log).containsExactly("EALREADY, locked true");
  }

  @Test // test_prepare, test_prepare_array
  void oneOrManyGetRoomForFences() {
    Buffer one = new Buffer("one");
    Buffer two = new Buffer("two");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
            exec.untilAllLocked(() -> exec.prepare(one, 1));
          }
          try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
            exec.untilAllLocked(() -> exec.prepareAll(List.of(one, two), 1));
            assertThat(exec.objects()).containsExactly(one, two).inOrder();
          }
        });

    run();
  }

  @Test // test_multiple_loops
  void anAttemptMayLockNothing() {
    task(
        "x",
        () -> {
          for (int i = 0; i < 2; i++) {
            try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
              exec.untilAllLocked(() -> log.add("once"));
            }
          }
        });

    run();

    assertThat(log).containsExactly("once", "once");
  }

  @Test
  void theYoungerBacksOffWaitsForWhatItLackedAndBeginsAgainWithThat() {
    Buffer a = new Buffer("a");
    Buffer b = new Buffer("b");
    task(
        "old",
        () -> {
          try (DrmExec exec = exec(0)) {
            exec.untilAllLocked(() -> {
              exec.lock(a);
              scheduler.sleep(100);
              exec.lock(b);
            });
            log.add("old has both at " + scheduler.nowNs());
            scheduler.sleep(100);
          }
        });
    task(
        "young",
        () -> {
          scheduler.sleep(10);
          try (DrmExec exec = exec(0)) {
            exec.untilAllLocked(() -> {
              log.add("young tries at " + scheduler.nowNs());
              exec.lock(b);
              exec.lock(a);
            });
            log.add("young has both at " + scheduler.nowNs());
            assertThat(exec.objects()).containsExactly(a, b).inOrder(); // a was waited for
          }
        });

    run();

    assertThat(log)
        .containsExactly(
            "young tries at 10",
            "young tries at 10",
            "old has both at 100",
            "young has both at 200")
        .inOrder();
  }

  @Test
  void aKillEndsAWaitForALockAndLeavesNothingLocked() {
    Buffer a = new Buffer("a");
    Buffer b = new Buffer("b");
    Task victim = new Task(101, "victim", false);
    task(
        "owner",
        () -> {
          try (DrmExec exec = exec(0)) {
            exec.untilAllLocked(() -> exec.lock(a));
            scheduler.sleep(50);
            scheduler.kill(victim);
            scheduler.sleep(50);
            log.add("owner at " + scheduler.nowNs());
          }
        });
    spawn(
        victim,
        () -> {
          scheduler.sleep(10);
          try (DrmExec exec = exec(DrmExec.INTERRUPTIBLE_WAIT)) {
            exec.untilAllLocked(() -> {
              exec.lock(b);
              exec.lock(a); // backs off, and is killed while it waits for a
            });
          }
        });

    run();

    assertThat(log).containsExactly(victim + " EINTR", "owner at 100").inOrder();
  }

  @Test
  void anObjectLivesAsLongAsItIsLockedAndGoesWhenNothingIs() {
    Buffer one = new Buffer("one");
    Buffer two = new Buffer("two");
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(0)) {
            exec.untilAllLocked(() -> exec.prepareAll(List.of(one, two), 1));
            one.put();
            two.put();
            log.add("unlocks");
          }
        });

    run();

    assertThat(log).containsExactly("unlocks", "two freed", "one freed").inOrder();
  }

  @Test
  void whatAnAttemptFailsWithIsPassedOn() {
    task(
        "x",
        () -> {
          try (DrmExec exec = exec(0)) {
            exec.untilAllLocked(() -> {
              throw Errno.ENOMEM.because("no room");
            });
          }
        });

    run();

    assertThat(log).hasSize(1);
    assertThat(log.getFirst()).endsWith("ENOMEM");
  }

  /**
   * Three and more may wait for each other in a ring; each order and each schedule gets through.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void anyOrdersUnderAnyScheduleGetThrough(long seed) {
    scheduler.close();
    scheduler = new Scheduler(Schedule.random(seed), 1);
    reservations = new ReservationClass(new Lockdep(scheduler));
    Random random = new Random(seed);
    List<Buffer> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(new Buffer("b" + i));
    }
    for (int who = 0; who < 6; who++) {
      List<Buffer> order = new ArrayList<>(all);
      Collections.shuffle(order, random);
      task(
          "t" + who,
          () -> {
            for (int round = 0; round < 20; round++) {
              try (DrmExec exec = exec(DrmExec.IGNORE_DUPLICATES)) {
                exec.untilAllLocked(() -> exec.prepareAll(order, 1));
                assertThat(exec.objects()).containsExactlyElementsIn(order);
                scheduler.sleep(7);
              }
            }
            log.add("through");
          });
    }

    run();

    assertThat(log).hasSize(6);
  }
}
