package org.smmulator.drm.sched;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.ECANCELED;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.UserContext;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/**
 * The rules of {@code sched_main.c}, {@code sched_entity.c} and {@code sched_fence.c} that no test
 * of the kernel looks at: the count of load, hints of deadlines, what a reset gives back, the end.
 */
class SchedRulesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long TIMEOUT = SECOND / 5;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final FenceContexts fences =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final List<String> log = new ArrayList<>();
  private long hardwareSeqno;

  @AfterEach
  void close() {
    scheduler.close();
  }

  private DrmScheduler ring(String name, int credits, long timeoutNs) {
    return new DrmScheduler(
        new SchedArgs(name, "gpu", credits, 1, timeoutNs, null),
        fences,
        scheduler,
        new Tracer(scheduler, 10),
        dmesg);
  }

  private DrmScheduler ring(String name) {
    return ring(name, 8, SchedArgs.NEVER);
  }

  private SchedEntity entity(DrmScheduler... rings) {
    return new SchedEntity(ImmutableList.copyOf(rings), SchedPriority.NORMAL, 1);
  }

  private void settle() {
    var _ = scheduler.run(() -> false);
  }

  /** The hardware's fence, which notes the hints that it gets. */
  private final class HardwareFence extends Fence {
    final List<Long> hints = new ArrayList<>();

    HardwareFence() {
      super(fences, "mock", "hardware", 77, ++hardwareSeqno);
    }

    @Override
    protected void deadlineHinted(long deadlineNs) {
      hints.add(deadlineNs);
    }
  }

  private class Job extends SchedJob {
    final String name;
    HardwareFence hardware = new HardwareFence();
    @Nullable Errno refusal;
    int frees;
    int timeouts;

    Job(SchedEntity entity, String name, int credits) throws ErrnoException {
      super(entity, credits);
      this.name = name;
    }

    Job(SchedEntity entity, String name) throws ErrnoException {
      this(entity, name, 1);
    }

    Job pushed() {
      arm();
      push();
      return this;
    }

    @Override
    protected @Nullable Fence run() throws ErrnoException {
      log.add(name + " on " + armed().scheduler().name());
      if (refusal != null) {
        throw refusal.because("told so");
      }
      return hardware;
    }

    @Override
    protected SchedStat timedOut() {
      timeouts++;
      return SchedStat.RESET;
    }

    @Override
    protected boolean cancel() {
      hardware.setError(ECANCELED);
      hardware.signal();
      return true;
    }

    @Override
    protected void free() {
      frees++;
    }
  }

  // ---- load: drm_sched_pick_best() takes the lowest score, the first of equals

  /** The name of the ring that an entity with a choice of both would get. */
  private String idler(DrmScheduler one, DrmScheduler other) {
    return DrmScheduler.leastBusy(ImmutableList.of(one, other)).name();
  }

  @Test
  void ofEquallyBusyRingsTheFirstIsTaken() {
    assertThat(idler(ring("a"), ring("b"))).isEqualTo("a");
  }

  @Test
  void anEntityAndEachOfItsJobsCountUntilTheyEnd() throws Exception {
    DrmScheduler a = ring("a");
    DrmScheduler b = ring("b");
    SchedEntity onA = entity(a);
    Job first = new Job(onA, "first").pushed();
    assertThat(idler(a, b)).isEqualTo("b");
    SchedEntity onB = entity(b);
    Job second = new Job(onB, "second").pushed();
    assertThat(idler(a, b)).isEqualTo("a"); // equal: an entity and a job each
    Job third = new Job(onA, "third").pushed();
    assertThat(idler(a, b)).isEqualTo("b");
    settle();

    third.hardware.signal();
    settle();
    assertThat(idler(a, b)).isEqualTo("a"); // equal again
    second.hardware.signal();
    settle();
    assertThat(idler(a, b)).isEqualTo("b"); // a still has one job
    first.hardware.signal();
    settle();

    assertThat(idler(a, b)).isEqualTo("a"); // entities only
  }

  @Test
  void aKilledEntityCountsNoMoreAndNorDoItsJobs() throws Exception {
    DrmScheduler a = ring("a", 1, SchedArgs.NEVER);
    DrmScheduler b = ring("b");
    SchedEntity onA = entity(a);
    Job running = new Job(onA, "running").pushed();
    Job waiting = new Job(onA, "waiting").pushed();
    Job _ = new Job(entity(b), "other").pushed(); // b: 2
    settle();
    assertThat(idler(b, a)).isEqualTo("b"); // a: 3

    UserContext.run(scheduler, onA::kill);
    assertThat(idler(b, a)).isEqualTo("a"); // a: the one that runs
    running.hardware.signal();
    settle();

    assertThat(waiting.finished().error()).isEqualTo(ESRCH);
    assertThat(idler(ring("idle"), a)).isEqualTo("idle"); // a: 0, equal
    assertThat(idler(a, ring("idle"))).isEqualTo("a");
  }

  @Test
  void anEntityThatMovesToAnotherRingCountsThereOnly() throws Exception {
    DrmScheduler a = ring("a");
    DrmScheduler b = ring("b");
    SchedEntity moving = entity(a, b);
    Job first = new Job(moving, "first").pushed();
    settle();
    first.hardware.signal();
    settle();
    SchedEntity blocking = entity(a);
    Job load = new Job(blocking, "load").pushed(); // a: both entities and a job
    settle();

    Job second = new Job(moving, "second").pushed();
    settle();

    assertThat(log).containsExactly("first on a", "load on a", "second on b").inOrder();
    load.hardware.signal();
    second.hardware.signal();
    settle();
    assertThat(idler(b, a)).isEqualTo("b"); // each has one entity
    assertThat(idler(a, b)).isEqualTo("a");
  }

  @Test
  void anEntityWithJobsStaysOnItsRing() throws Exception {
    DrmScheduler a = ring("a");
    DrmScheduler b = ring("b");
    SchedEntity entity = entity(a, b);
    Job _ = new Job(entity, "first").pushed();
    settle(); // the hardware has it, and it has not finished

    Job _ = new Job(entity, "second").pushed();
    settle();

    assertThat(log).containsExactly("first on a", "second on a").inOrder();
  }

  @Test
  void anEntityNeedsARing() {
    assertThrows(IllegalArgumentException.class, this::entity);
    SchedEntity entity = entity(ring("a"));
    assertThrows(IllegalArgumentException.class, () -> entity.modifySchedulers(ImmutableList.of()));
  }

  // ---- deadlines: drm_sched_fence_set_deadline_finished()

  @Test
  void aHintBeforeTheJobRunsReachesTheHardwareWhenItDoes() throws Exception {
    Job job = new Job(entity(ring("a")), "job");
    job.arm();
    job.finished().setDeadline(5_000);
    job.finished().setDeadline(7_000); // no sooner than what is known

    job.push();
    settle();

    assertThat(job.hardware.hints).containsExactly(5_000L);
  }

  @Test
  void aHintWhileTheHardwareWorksReachesItAtOnceIfItIsTheSoonest() throws Exception {
    Job job = new Job(entity(ring("a")), "job").pushed();
    settle();
    assertThat(job.hardware.hints).isEmpty();

    job.finished().setDeadline(5_000);
    job.finished().setDeadline(6_000);
    job.finished().setDeadline(5_000); // as soon: told again, as in Linux
    job.finished().setDeadline(4_000);

    assertThat(job.hardware.hints).containsExactly(5_000L, 5_000L, 4_000L).inOrder();
  }

  @Test
  void theFencesOfAJobAreOfNeighbouringTimelinesAndKnowTheirDriverForEver() throws Exception {
    Job job = new Job(entity(ring("a")), "job").pushed();
    settle();
    job.hardware.signal();
    settle();

    assertThat(job.finished().context()).isEqualTo(job.scheduled().context() + 1);
    assertThat(job.finished().timelineName()).isEqualTo("a");
    assertThat(job.scheduled().timelineName()).isEqualTo("a");
    assertThat(job.finished().seqno()).isEqualTo(1);
  }

  // ---- a job

  @Test
  void aJobTakesSomeCredits() throws Exception {
    SchedEntity entity = entity(ring("a"));

    ErrnoException e = assertThrows(ErrnoException.class, () -> new Job(entity, "none", 0));
    assertThat(e.errno()).isEqualTo(EINVAL);
    assertThat(new Job(entity, "one", 1).credits()).isEqualTo(1);
  }

  @Test
  void aJobThatTakesAllThereIsRunsWithoutAWord() throws Exception {
    Job _ = new Job(entity(ring("a", 3, SchedArgs.NEVER)), "whole", 3).pushed();

    settle();

    assertThat(log).containsExactly("whole on a");
    assertThat(dmesg.lines()).isEmpty();
  }

  @Test
  void aJobHasFencesOnceItIsArmedWhichItIsOnce() throws Exception {
    Job job = new Job(entity(ring("a")), "job");
    assertThrows(IllegalStateException.class, job::finished);

    job.arm();

    assertThrows(IllegalStateException.class, job::arm);
  }

  @Test
  void ofSeveralPointsOfATimelineAJobWaitsForTheLatest() throws Exception {
    Job job = new Job(entity(ring("a")), "job");
    Fence early = new Fence(fences, "other", "line", 5, 1);
    Fence late = new Fence(fences, "other", "line", 5, 2);
    Fence elsewhere = new Fence(fences, "other", "line", 6, 1);

    job.addDependency(late);
    job.addDependency(early);
    job.addDependency(elsewhere);

    assertThat(job.dependencies()).containsExactly(late, elsewhere).inOrder();
    assertThat(job.hasDependency(early)).isFalse();
    assertThat(job.hasDependency(late)).isTrue();
  }

  @Test
  void whatItsOwnEntityRanBeforeIsNothingToWaitFor() throws Exception {
    SchedEntity entity = entity(ring("a"));
    Job first = new Job(entity, "first").pushed();
    Job second = new Job(entity, "second");
    second.addDependency(first.finished());
    Job third = new Job(entity, "third");
    third.addDependency(first.scheduled());

    Job _ = second.pushed();
    Job _ = third.pushed();
    settle();

    assertThat(log).containsExactly("first on a", "second on a", "third on a").inOrder();
  }

  @Test
  void anErrorOfARingMateIsWaitedForToTheEnd() throws Exception {
    DrmScheduler ring = ring("a");
    Job failed = new Job(entity(ring), "failed");
    failed.arm();
    failed.finished().setError(EIO);
    Job next = new Job(entity(ring), "next");
    next.addDependency(failed.finished());
    Job _ = next.pushed();
    failed.push();
    settle();
    assertThat(log).containsExactly("failed on a"); // that it is scheduled is not enough

    failed.hardware.signal();
    settle();

    assertThat(log).containsExactly("failed on a", "next on a").inOrder();
  }

  // ---- the end of an entity

  @Test
  void flushSaysWhetherTheHardwareGotItAll() throws Exception {
    DrmScheduler ring = ring("a", 1, SchedArgs.NEVER);
    SchedEntity entity = entity(ring);
    Job first = new Job(entity, "first").pushed();
    Job _ = new Job(entity, "second").pushed();

    UserContext.run(
        scheduler,
        () -> {
          assertThat(entity.flush(SECOND, true)).isFalse();
          assertThat(scheduler.nowNs()).isAtLeast(SECOND);
          first.hardware.signal();
          assertThat(entity.flush(SECOND, true)).isTrue();
          assertThat(scheduler.nowNs()).isLessThan(2 * SECOND);
        });
  }

  @Test
  void whoFlushesAnEntityThatIsKilledMeanwhileGoesOn() throws Exception {
    DrmScheduler ring = ring("a", 1, SchedArgs.NEVER);
    SchedEntity entity = entity(ring);
    Job _ = new Job(entity, "first").pushed();
    Job _ = new Job(entity, "second").pushed();
    settle();
    var _ =
        scheduler.spawnKernel(
            "killer",
            () -> {
              scheduler.sleep(1_000);
              entity.kill();
            });

    UserContext.run(
        scheduler,
        () -> {
          assertThat(entity.flush(SchedArgs.NEVER, true)).isTrue();
          log.add("went on");
        });

    assertThat(log).containsExactly("first on a", "went on").inOrder();
  }

  // ---- a reset

  @Test
  void aResetGivesCreditsBackAndTakesThemAgain() throws Exception {
    DrmScheduler ring = ring("a", 2, SchedArgs.NEVER);
    SchedEntity entity = entity(ring);
    Job first = new Job(entity, "first").pushed();
    Job second = new Job(entity, "second").pushed();
    Job _ = new Job(entity, "third").pushed();
    settle();

    UserContext.run(
        scheduler,
        () -> {
          ring.stop(null);
          ring.resubmitJobs();
          ring.start(null);
        });

    assertThat(log)
        .containsExactly("first on a", "second on a", "first on a", "second on a")
        .inOrder(); // no room for the third yet
    first.hardware.signal();
    settle();
    assertThat(log.getLast()).isEqualTo("third on a");
    second.hardware.signal();
    settle();
    assertThat(second.frees).isEqualTo(1);
  }

  @Test
  void aJobThatEndsBetweenStopAndStartHasEndedWell() throws Exception {
    DrmScheduler ring = ring("a");
    Job job = new Job(entity(ring), "job").pushed();
    settle();

    UserContext.run(
        scheduler,
        () -> {
          ring.stop(null);
          ring.resubmitJobs();
          job.hardware.signal();
          ring.start(EIO);
        });

    // the reset's error is that of jobs that end here, if their own fence has none
    assertThat(job.finished().error()).isEqualTo(EIO);
    assertThat(job.frees).isEqualTo(1);
  }

  @Test
  void aJobThatIsNotGivenAgainEndsCancelled() throws Exception {
    DrmScheduler ring = ring("a");
    Job job = new Job(entity(ring), "job").pushed();
    settle();

    UserContext.run(
        scheduler,
        () -> {
          ring.stop(null);
          ring.start(null);
        });

    assertThat(job.finished().error()).isEqualTo(ECANCELED);
  }

  @Test
  void aJobThatTheHardwareRefusesTheSecondTimeHasThatError() throws Exception {
    DrmScheduler ring = ring("a");
    Job job = new Job(entity(ring), "job").pushed();
    settle();
    job.refusal = EIO;

    UserContext.run(
        scheduler,
        () -> {
          ring.stop(null);
          ring.resubmitJobs();
          assertThat(job.finished().errorSoFar()).isEqualTo(EIO);
        });
  }

  @Test
  void asManyHangsAsAreAllowedAreForgiven() throws Exception {
    DrmScheduler ring = ring("a"); // allows one
    SchedEntity entity = entity(ring);
    Job job = new Job(entity, "job").pushed();
    settle();

    UserContext.run(
        scheduler,
        () -> {
          ring.increaseKarma(job);
          ring.stop(null);
          ring.resubmitJobs();
          assertThat(job.finished().errorSoFar()).isNull();
          ring.increaseKarma(job);
          ring.resubmitJobs();
          assertThat(job.finished().errorSoFar()).isEqualTo(ECANCELED);
          assertThat(job.finished().error()).isNull(); // it has not signalled
        });
    assertThat(entity.isGuilty()).isTrue();
  }

  @Test
  void aPausedRingTakesUpWhatWasPushedMeanwhile() throws Exception {
    DrmScheduler ring = ring("a");
    SchedEntity entity = entity(ring);

    UserContext.run(
        scheduler,
        () -> {
          ring.pause();
          Job _ = new Job(entity, "job").pushed();
          scheduler.sleep(SECOND);
          assertThat(log).isEmpty();
          ring.resume();
        });

    assertThat(log).containsExactly("job on a");
  }

  // ---- timeouts and the end

  @Test
  void aResetStartsTheTimeAnew() throws Exception {
    DrmScheduler ring = ring("a", 8, TIMEOUT);
    Job job = new Job(entity(ring), "job");

    UserContext.run(
        scheduler,
        () -> {
          Job _ = job.pushed();
          scheduler.sleep(TIMEOUT / 2);
          ring.stop(null);
          scheduler.sleep(2 * TIMEOUT);
          assertThat(job.timeouts).isEqualTo(0); // nothing is watched meanwhile
          ring.resubmitJobs();
          ring.start(null);
          scheduler.sleep(TIMEOUT - TIMEOUT / 10);
          assertThat(job.timeouts).isEqualTo(0);
          scheduler.sleep(TIMEOUT / 5);
          assertThat(job.timeouts).isEqualTo(1);
          job.hardware.signal();
        });
  }

  @Test
  void aRingThatHasEndedWatchesAndRunsNothing() throws Exception {
    DrmScheduler ring = ring("a", 1, TIMEOUT);
    SchedEntity entity = entity(ring);
    Job first = new Job(entity, "first").pushed();
    Job second = new Job(entity, "second").pushed();
    Job other = new Job(entity(ring), "other").pushed();

    UserContext.run(
        scheduler,
        () -> {
          scheduler.sleep(TIMEOUT / 2);
          ring.fini();
          scheduler.sleep(SECOND);
        });

    assertThat(first.frees).isEqualTo(1);
    assertThat(first.timeouts).isEqualTo(0);
    assertThat(second.frees + other.frees).isEqualTo(0);
    assertThat(log).containsExactly("first on a");
    assertThat(ring.pendingJobs()).isEmpty();
    assertThat(dmesg.lines()).isEmpty();
  }
}
