package org.smmulator.kernel.task;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Doorbell;

/** Who runs, and when: the baton, virtual time, deadlock, unwinding. */
class SchedulerTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void aLoneContextsTimeJustJumps() {
    spawn(
        "a",
        () -> {
          scheduler.consume(1_000);
          scheduler.point();
          note("worked");
          scheduler.sleep(5_000);
          note("slept");
        });

    runToTheEnd();

    assertThat(log).containsExactly("1000 worked", "6000 slept").inOrder();
  }

  @Test
  void twoContextsOnTwoCpusOverlap() {
    spawn("a", () -> work("a", 100));
    spawn("b", () -> work("b", 100));

    runToTheEnd();

    assertThat(log).containsExactly("100 a", "100 b");
  }

  @Test
  void aThirdContextOnTwoCpusWaitsForOneOfThem() {
    spawn("a", () -> work("a", 100));
    spawn("b", () -> work("b", 100));
    spawn("c", () -> work("c", 100));

    runToTheEnd();

    assertThat(log).containsExactly("100 a", "100 b", "200 c");
  }

  @Test
  void aRingWhileItsWaiterPaysForItsWorkIsNotLost() {
    Doorbell bell = scheduler.doorbell("the bell");
    scheduler.process(
        "engine",
        () -> {
          scheduler.consume(100);
          bell.await(); // and pays first
          note("heard");
        });
    spawn(
        "a",
        () -> {
          scheduler.sleep(50);
          bell.ring();
        });

    runToTheEnd();

    assertThat(log).containsExactly("100 heard");
  }

  @Test
  void aRingIsHeardByEveryWaiterAndByNoLaterOne() {
    Doorbell bell = scheduler.doorbell("the bell");
    for (String name : List.of("early", "busy")) {
      scheduler.process(
          name,
          () -> {
            scheduler.consume(name.equals("busy") ? 100 : 0);
            bell.await();
            note(name);
            bell.await();
            note("not reached");
          });
    }
    spawn(
        "a",
        () -> {
          scheduler.sleep(50);
          bell.ring();
        });

    runToTheEnd();

    assertThat(log).containsExactly("50 early", "100 busy").inOrder();
  }

  @Test
  void aDeviceThatPollsForEverDoesNotKeepTheMachineRunning() {
    scheduler.process("engine", this::pollForEver);
    spawn(
        "a",
        () -> {
          scheduler.sleep(60_000_000_000L);
          note("a");
        });

    runToTheEnd();

    assertThat(log).containsExactly("60000000000 a");
  }

  @Test
  void whoWaitsForADeviceThatPollsForEverIsDeadlocked() {
    WaitQueue never = new WaitQueue(scheduler, "what never comes");
    scheduler.process("engine", this::pollForEver);
    spawn("a", () -> never.await(() -> false, WaitQueue.FOREVER));

    MachineStopped stopped = assertThrows(MachineStopped.class, this::runToTheEnd);

    assertThat(stopped.report()).contains("a[1] waits for what never comes");
  }

  private void pollForEver() {
    while (true) {
      scheduler.consume(10_000);
      scheduler.point();
    }
  }

  @Test
  void aDeviceHasTimeOfItsOwn() {
    Doorbell bell = scheduler.doorbell("the bell");
    scheduler.process(
        "engine",
        () -> {
          bell.await();
          work("engine", 100);
          bell.ring();
        });
    spawn(
        "a",
        () -> {
          scheduler.sleep(10);
          bell.ring();
          work("a", 100);
        });

    runToTheEnd();

    assertThat(log).containsExactly("110 engine", "110 a");
  }

  @Test
  void aWaiterIsWokenWhenItsConditionHolds() {
    boolean[] ready = {false};
    WaitQueue queue = new WaitQueue(scheduler, "ready");
    spawn("waiter", () -> note(queue.await(() -> ready[0], WaitQueue.FOREVER)));
    spawn(
        "waker",
        () -> {
          scheduler.sleep(50);
          ready[0] = true;
          queue.wakeAll();
        });

    runToTheEnd();

    assertThat(log).containsExactly("50 DONE");
  }

  @Test
  void aDeadlineEndsAWait() {
    WaitQueue queue = new WaitQueue(scheduler, "never");
    spawn("waiter", () -> note(queue.await(() -> false, 70)));

    runToTheEnd();

    assertThat(log).containsExactly("70 TIMED_OUT");
  }

  @Test
  void aKillEndsAnInterruptibleWaitOnly() {
    WaitQueue queue = new WaitQueue(scheduler, "never");
    Task victim = new Task(1, "victim", false);
    scheduler.spawnUser(
        victim,
        () -> {
          note(queue.await(() -> false, 100));
          note(queue.awaitInterruptible(() -> false, WaitQueue.FOREVER));
        });
    spawn(
        "killer",
        () -> {
          scheduler.sleep(10);
          scheduler.kill(victim);
        });

    runToTheEnd();

    assertThat(log).containsExactly("100 TIMED_OUT", "100 INTERRUPTED").inOrder();
  }

  @Test
  void waitersThatNothingCanWakeAreADeadlockAndAreNamed() {
    WaitQueue queue = new WaitQueue(scheduler, "a fence that never signals");
    spawn("client", () -> queue.await(() -> false, WaitQueue.FOREVER));

    var stopped = assertThrows(MachineStopped.class, this::runToTheEnd);

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.DEADLOCK);
    assertThat(stopped.report()).contains("client[1] waits for a fence that never signals");
  }

  @Test
  void aWorkerWithNothingToDoIsNoDeadlock() {
    WaitQueue queue = new WaitQueue(scheduler, "work");
    scheduler.spawnKernel("kworker", () -> queue.awaitIdle(() -> false));

    assertThat(scheduler.run(() -> false)).isFalse();
  }

  @Test
  void anInterruptThatBlocksIsABug() {
    scheduler.after(10, () -> scheduler.sleep(1));

    var stopped = assertThrows(MachineStopped.class, this::runToTheEnd);

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.BUG);
    assertThat(stopped.report()).contains("scheduling while atomic: sleep");
  }

  @Test
  void aHostThreadLendsItselfToATask() {
    Task task = new Task(7, "hosted", false);
    Context hosted = scheduler.newHosted("hosted", task);
    spawn("other", () -> work("other", 30));

    String who =
        scheduler.callAs(
            hosted,
            () -> {
              scheduler.sleep(100);
              return scheduler.comm() + "-" + scheduler.pid();
            });

    assertThat(who).isEqualTo("hosted-7");
    assertThat(log).containsExactly("30 other");
  }

  @Test
  void aHostedTaskThatNobodyRunsIsNoDeadlock() {
    Context _ = scheduler.newHosted("hosted", new Task(7, "hosted", false));

    runToTheEnd();

    assertThat(scheduler.stopped()).isNull();
  }

  @Test
  void aBugInAHostedCallStopsTheMachine() {
    Context hosted = scheduler.newHosted("hosted", new Task(7, "hosted", false));

    var stopped =
        assertThrows(
            MachineStopped.class,
            () ->
                scheduler.callAs(
                    hosted,
                    () -> {
                      throw new IllegalStateException("broken");
                    }));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.BUG);
    assertThat(assertThrows(MachineStopped.class, this::runToTheEnd)).isSameInstanceAs(stopped);
  }

  @Test
  void closingUnwindsWhoeverIsParked() {
    WaitQueue queue = new WaitQueue(scheduler, "work");
    scheduler.spawnKernel(
        "kworker",
        () -> {
          try {
            queue.awaitIdle(() -> false);
          } finally {
            log.add("unwound");
          }
        });
    runToTheEnd();

    scheduler.close();

    assertThat(log).containsExactly("unwound");
  }

  @Test
  void workIsDoneInOrderByAThreadThatMayBlock() {
    Workqueue queue = new Workqueue(scheduler, "kworker/u2:0");
    Work slow = queue.work(() -> work("slow", 100));
    Work quick = queue.work(() -> work("quick", 1));
    spawn(
        "a",
        () -> {
          slow.queue();
          quick.queue();
          quick.queue();
          quick.flush();
          note("flushed");
        });

    runToTheEnd();

    assertThat(log).containsExactly("100 slow", "101 quick", "101 flushed").inOrder();
  }

  @Test
  void theSameSeedMakesTheSameChoicesAndAnotherSeedOthers() {
    assertThat(interleaving(Schedule.random(1))).isEqualTo(interleaving(Schedule.random(1)));
    assertThat(interleaving(Schedule.random(1))).isNotEqualTo(interleaving(Schedule.random(2)));
    assertThat(interleaving(Schedule.pct(1, 3))).isEqualTo(interleaving(Schedule.pct(1, 3)));
  }

  /** With change points anywhere in ten thousand steps these fifteen had six orders in all. */
  @Test
  void pctChangesPrioritiesWithinARunHoweverShortItIs() {
    Set<String> orders = new TreeSet<>();
    for (int seed = 0; seed < 300; seed++) {
      orders.add(interleaving(Schedule.pct(seed, 3)));
    }

    assertThat(orders.size()).isAtLeast(100);
  }

  @Test
  void recordedChoicesCanBeHadAgain() {
    List<Integer> choices = new ArrayList<>();
    String first = interleaving(Schedule.random(3).recording(choices::add));

    String again =
        interleaving(Schedule.recorded(com.google.common.collect.ImmutableList.copyOf(choices)));

    assertThat(again).isEqualTo(first);
  }

  private static String interleaving(Schedule schedule) {
    StringBuilder order = new StringBuilder();
    try (Scheduler machine = new Scheduler(schedule, 1)) {
      for (String name : List.of("a", "b", "c")) {
        Task task = new Task(1, name, false);
        machine.spawnUser(
            task,
            () -> {
              for (int i = 0; i < 5; i++) {
                order.append(name);
                machine.point();
              }
            });
      }
      machine.run(() -> false);
    }
    return order.toString();
  }

  private void spawn(String name, Runnable body) {
    Context _ = scheduler.spawnUser(new Task(1, name, false), body);
  }

  private void work(String name, long ns) {
    scheduler.consume(ns);
    scheduler.point();
    note(name);
  }

  private void note(Object what) {
    log.add(scheduler.nowNs() + " " + what);
  }

  private void runToTheEnd() {
    boolean _ = scheduler.run(() -> false);
  }
}
