package org.smmulator.kernel.task;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads outside of the machine that call into it while the test's thread runs it. */
@Timeout(60)
class AttachedThreadTest {
  private static final long SECOND = 1_000_000_000;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Task task = new Task(100, "outsider", false);
  private final WaitQueue queue = new WaitQueue(scheduler, "the test");

  @AfterEach
  void close() {
    scheduler.close();
  }

  /** Runs {@code body} on a thread that is attached, and the machine until it has nothing to do. */
  private void runWith(Consumer<AttachedThread> body) throws InterruptedException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AttachedThread attached = scheduler.attach();
    Thread thread =
        new Thread(() -> {
          try (attached) {
            body.accept(attached);
          } catch (RuntimeException | AssertionError e) {
            failure.set(e);
          }
        });
    thread.start();
    try {
      var _ = scheduler.run(() -> false);
    } finally {
      thread.join();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new AssertionError(cause);
    }
  }

  @Test
  void aCallRunsForItsTaskAndGivesItsResult() throws Exception {
    runWith(thread -> {
      assertThat(thread.call(task, () -> scheduler.pid())).isEqualTo(100);
      assertThat(thread.call(task, () -> 7)).isEqualTo(7);
    });
  }

  @Test
  void idleIsNoDeadlockWhileAThreadMayStillCall() throws Exception {
    boolean[] open = {false};
    List<String> log = new ArrayList<>();
    Context _ =
        scheduler.spawnKernel(
            "waiter",
            () -> {
              var _ = queue.await(() -> open[0], WaitQueue.FOREVER);
              log.add("open");
            });

    runWith(thread -> {
      long _ = thread.call(task, () -> 0);
      long _ =
          thread.call(
              task,
              () -> {
                open[0] = true;
                queue.wakeAll();
                return 0;
              });
    });

    assertThat(log).containsExactly("open");
  }

  @Test
  void whenTheLastThreadIsDetachedAWaiterIsADeadlockAgain() {
    Context _ =
        scheduler.spawnKernel(
            "waiter",
            () -> {
              var _ = queue.await(() -> false, WaitQueue.FOREVER);
            });

    MachineStopped stopped =
        assertThrows(
            MachineStopped.class,
            () ->
                runWith(thread -> {
                  long _ = thread.call(task, () -> 0);
                }));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.DEADLOCK);
  }

  @Test
  void timeDoesNotJumpAheadOfAThreadThatIsInNoCall() throws Exception {
    List<Long> times = new ArrayList<>();
    scheduler.after(SECOND, () -> times.add(scheduler.nowNs()));

    runWith(thread -> {
      for (int i = 0; i < 3; i++) {
        times.add(thread.call(task, scheduler::nowNs));
      }
    });

    assertThat(times).containsExactly(0L, 0L, 0L, SECOND).inOrder();
  }

  @Test
  void timePassesWhileEveryThreadIsInACall() throws Exception {
    runWith(thread -> {
      long before = thread.call(task, scheduler::nowNs);
      long after =
          thread.call(
              task,
              () -> {
                scheduler.sleep(SECOND);
                return scheduler.nowNs();
              });
      assertThat(after - before).isEqualTo(SECOND);
    });
  }

  @Test
  void aContextThatNeverBlocksLetsACallInAtItsNextPoint() throws Exception {
    boolean[] called = {false};
    Context _ =
        scheduler.spawnKernel(
            "poller",
            () -> {
              while (!called[0]) {
                scheduler.consume(100);
                scheduler.point();
              }
            });

    runWith(thread -> {
      long _ =
          thread.call(
              task,
              () -> {
                called[0] = true;
                return 0;
              });
    });

    assertThat(called[0]).isTrue();
  }

  @Test
  void aWaitThatIsInterruptibleCanBeCancelled() throws Exception {
    List<WaitResult> results = new ArrayList<>();

    runWith(thread -> {
      long _ =
          thread.call(
              task,
              () -> {
                scheduler.after(SECOND, thread::interrupt);
                results.add(queue.awaitInterruptible(() -> false, WaitQueue.FOREVER));
                return 0;
              });
      long _ =
          thread.call(
              task,
              () -> {
                results.add(queue.awaitInterruptible(() -> false, scheduler.nowNs() + 1));
                return 0;
              });
    });

    assertThat(results).containsExactly(WaitResult.INTERRUPTED, WaitResult.TIMED_OUT).inOrder();
  }

  @Test
  void whoIsInACallLearnsThatTheMachineStopped() {
    AtomicReference<@Nullable MachineStopped> told = new AtomicReference<>();

    assertThrows(
        MachineStopped.class,
        () ->
            runWith(thread -> {
              try {
                long _ =
                    thread.call(
                        task,
                        () -> {
                          throw new KernelPanic("no more");
                        });
              } catch (MachineStopped e) {
                told.set(e);
              }
            }));

    assertThat(told.get()).hasMessageThat().contains("Kernel panic");
  }

  @Test
  void aCallIntoAMachineThatIsClosedIsRefused() {
    AttachedThread attached = scheduler.attach();

    scheduler.close();

    assertThrows(IllegalStateException.class, () -> attached.call(task, () -> 0));
  }

  @Test
  void aClientsClockStartsAtItsEpoch() {
    MonotonicClock clock = new MonotonicClock(scheduler, 5 * SECOND);

    assertThat(clock.nowNs()).isEqualTo(5 * SECOND);
    assertThat(clock.deadlineNs(6 * SECOND)).isEqualTo(SECOND);
    assertThat(clock.deadlineNs(Long.MAX_VALUE)).isEqualTo(WaitQueue.FOREVER);
  }
}
