package org.smmulator.drm.sched;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.ECANCELED;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ESRCH;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.UserContext;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/**
 * The cases of {@code drivers/gpu/drm/scheduler/tests/tests_basic.c} and their mock hardware, and
 * what a driver does that resets its hardware.
 */
class KernelSchedTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final long TIMEOUT = SECOND / 5; // MOCK_TIMEOUT: HZ / 5
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final FenceContexts fences =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private void inTask(UserContext.Body body) {
    UserContext.run(scheduler, body);
  }

  /** Hardware that does one job after another, each when its time is over or when it is told. */
  private final class Mock {
    final DrmScheduler ring;
    final List<Job> jobs = new ArrayList<>();
    private final long context = fences.alloc(1);
    private long seqno;
    private long lastFinishNs;

    Mock(int credits, long timeoutNs) {
      ring =
          new DrmScheduler(
              new SchedArgs("mock", "drm-mock-scheduler", credits, 1, timeoutNs, null),
              fences,
              scheduler,
              new Tracer(scheduler, 10),
              dmesg);
    }

    Fence take(Job job) {
      Fence fence = new Fence(fences, "drm_mock_sched", "mock", context, ++seqno);
      jobs.add(job);
      if (job.durationNs > 0) {
        lastFinishNs = Math.max(lastFinishNs, scheduler.nowNs()) + job.durationNs;
        new Timer(scheduler, () -> complete(job, null)).modify(lastFinishNs);
      }
      return fence;
    }

    void complete(Job job, @Nullable Errno error) {
      if (jobs.remove(job) && job.hardware != null) {
        if (error != null) {
          job.hardware.setError(error);
        }
        job.hardware.signal();
      }
    }

    /** The oldest jobs are done; returns how many there were. */
    int advance(int count) {
      int done = 0;
      while (done < count && !jobs.isEmpty()) {
        complete(jobs.getFirst(), null);
        done++;
      }
      return done;
    }
  }

  private class Job extends SchedJob {
    final Mock mock;
    final String name;
    long durationNs;
    int runs;
    boolean dontReset;
    boolean timedOut;
    boolean resetSkipped;
    boolean freed;
    @Nullable Fence hardware;

    Job(Mock mock, SchedEntity entity, String name, int credits) throws ErrnoException {
      super(entity, credits);
      this.mock = mock;
      this.name = name;
    }

    Job(Mock mock, SchedEntity entity) throws ErrnoException {
      this(mock, entity, "job", 1);
    }

    Job lasting(long ns) {
      durationNs = ns;
      return this;
    }

    Job submit() {
      arm();
      push();
      return this;
    }

    @Override
    protected @Nullable Fence run() throws ErrnoException {
      runs++;
      log.add("run " + name);
      hardware = mock.take(this);
      return hardware;
    }

    @Override
    protected SchedStat timedOut() {
      if (dontReset) {
        resetSkipped = true;
        return SchedStat.NO_HANG;
      }
      timedOut = true;
      mock.complete(this, ETIMEDOUT);
      return SchedStat.RESET;
    }

    @Override
    protected boolean cancel() {
      mock.complete(this, ECANCELED);
      return true;
    }

    @Override
    protected void free() {
      freed = true;
      log.add("free " + name);
    }

    boolean waitScheduled(long ns) {
      var _ = scheduled().await(scheduler.nowNs() + ns);
      return scheduled().isSignaled();
    }

    boolean waitFinished(long ns) {
      var _ = finished().await(scheduler.nowNs() + ns);
      return finished().isSignaled();
    }
  }

  private Mock mock() {
    return new Mock(NO_LIMIT, SchedArgs.NEVER);
  }

  private SchedEntity entity(Mock mock, SchedPriority priority) {
    return new SchedEntity(mock.ring, priority, 1);
  }

  // ---- drm_sched_basic_tests

  @Test
  void drmSchedBasicSubmit() {
    inTask(() -> {
      Mock mock = mock();
      Job job = new Job(mock, entity(mock, SchedPriority.NORMAL)).submit();

      assertThat(job.waitScheduled(SECOND)).isTrue();
      assertThat(job.waitFinished(SECOND / 2)).isFalse();
      assertThat(mock.advance(1)).isEqualTo(1);
      assertThat(job.waitFinished(SECOND)).isTrue();
    });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "A queue of jobs in a single entity, 1, false",
    "A chain of dependent jobs across multiple entities, 1, true",
    "Multiple independent job queues, 4, false",
    "Multiple inter-dependent job queues, 4, true",
  })
  void drmSchedBasicTest(String description, int entities, boolean chain) {
    inTask(() -> {
      Mock mock = mock();
      List<SchedEntity> all = new ArrayList<>();
      for (int i = 0; i < entities; i++) {
        all.add(entity(mock, SchedPriority.NORMAL));
      }
      Job last = null;
      for (int i = 0; i < 100; i++) {
        Job job = new Job(mock, all.get(i % entities)).lasting(MS);
        if (chain && last != null) {
          job.addDependency(last.finished());
        }
        last = job.submit();
      }

      assertThat(requireNonNull(last).waitFinished(SECOND)).isTrue();
      assertThat(scheduler.nowNs()).isAtLeast(100 * MS);
    });
  }

  @Test
  void drmSchedBasicEntityCleanup() {
    inTask(() -> {
      Mock mock = mock();
      List<SchedEntity> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(entity(mock, SchedPriority.NORMAL));
      }
      List<Job> jobs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Job job = new Job(mock, all.get(i % 4)).lasting(MS);
        if (i > 0) {
          job.addDependency(jobs.getLast().finished());
        }
        jobs.add(job.submit());
      }
      assertThat(jobs.get(50).waitFinished(SECOND)).isTrue();

      all.forEach(SchedEntity::destroy);

      assertThat(jobs.getLast().waitFinished(SECOND)).isTrue();
      mock.ring.flush();
      assertThat(jobs.stream().allMatch(job -> job.freed)).isTrue();
    });
  }

  @Test
  void whatDoesNotGetToTheHardwareInASecondIsKilledWhenAnEntityIsDestroyed() {
    inTask(() -> {
      Mock mock = new Mock(1, SchedArgs.NEVER);
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job running = new Job(mock, entity).submit();
      Job waiting = new Job(mock, entity).submit();

      entity.destroy();

      assertThat(scheduler.nowNs()).isEqualTo(SECOND);
      assertThat(mock.advance(1)).isEqualTo(1);
      assertThat(waiting.waitFinished(SECOND)).isTrue();
      assertThat(running.finished().error()).isNull();
      assertThat(waiting.finished().error()).isEqualTo(ESRCH);
      assertThat(waiting.runs).isEqualTo(0);
    });
  }

  // ---- drm_sched_basic_cancel_tests

  @Test
  void drmSchedBasicCancel() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job job = new Job(mock, entity).submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();

      entity.destroy();
      mock.ring.fini();

      assertThat(requireNonNull(job.hardware).error()).isEqualTo(ECANCELED);
      assertThat(job.finished().error()).isEqualTo(ECANCELED);
      assertThat(job.freed).isTrue();
    });
  }

  @Test
  void aDriverThatCannotCancelLeavesPendingJobsAndAWarning() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job job =
          new Job(mock, entity) {
            @Override
            protected boolean cancel() {
              return false;
            }
          };
      var _ = job.submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();

      mock.ring.fini();

      assertThat(job.freed).isFalse();
      assertThat(dmesg.lines().getLast().text())
          .contains("Tearing down scheduler while jobs are pending!");
    });
  }

  // ---- drm_sched_basic_timeout_tests

  @Test
  void drmSchedBasicTimeout() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      Job job = new Job(mock, entity(mock, SchedPriority.NORMAL)).submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();

      assertThat(job.waitFinished(TIMEOUT / 2)).isFalse();
      assertThat(job.timedOut).isFalse();
      var _ = job.waitFinished(TIMEOUT);

      assertThat(job.timedOut).isTrue();
      assertThat(requireNonNull(job.hardware).error()).isEqualTo(ETIMEDOUT);
    });
  }

  @Test
  void drmSchedSkipReset() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      Job job = new Job(mock, entity(mock, SchedPriority.NORMAL));
      job.dontReset = true;
      var _ = job.submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();

      assertThat(job.waitFinished(2 * TIMEOUT)).isFalse();
      assertThat(job.resetSkipped).isTrue();
      assertThat(mock.advance(1)).isEqualTo(1);

      assertThat(job.waitFinished(SECOND)).isTrue();
      mock.ring.flush();
      assertThat(job.freed).isTrue();
    });
  }

  @Test
  void theOldestJobIsWatchedAndEachHasTheWholeTime() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      List<Job> jobs = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        jobs.add(new Job(mock, entity).lasting(TIMEOUT - MS).submit());
      }

      assertThat(jobs.getLast().waitFinished(5 * TIMEOUT)).isTrue();

      assertThat(jobs.stream().noneMatch(job -> job.timedOut)).isTrue();
    });
  }

  @Test
  void aFaultOfTheHardwareIsATimeoutAtOnce() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      Job job = new Job(mock, entity(mock, SchedPriority.NORMAL)).submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();

      mock.ring.fault();

      assertThat(job.waitFinished(MS)).isTrue();
      assertThat(job.timedOut).isTrue();
    });
  }

  // ---- drm_sched_basic_priority_tests

  @Test
  void drmSchedPriorities() {
    inTask(() -> {
      Mock mock = new Mock(1, SchedArgs.NEVER);
      List<Job> jobs = new ArrayList<>();
      List<SchedEntity> all = new ArrayList<>();
      for (SchedPriority priority : SchedPriority.values()) {
        all.add(entity(mock, priority));
      }
      for (int i = 0; i < 100; i++) {
        SchedEntity entity = all.get(i % 4);
        String name = entity.queuedPriority().toString();
        jobs.add(new Job(mock, entity, name, 1).lasting(MS).submit());
      }

      assertThat(jobs.getLast().waitFinished(SECOND)).isTrue();

      List<String> order = log.stream().filter(each -> each.startsWith("run")).toList();
      assertThat(order.subList(0, 25)).doesNotContain("run LOW");
      assertThat(order.subList(75, 100))
          .containsExactlyElementsIn(Collections.nCopies(25, "run LOW"));
    });
  }

  @Test
  void drmSchedChangePriority() {
    inTask(() -> {
      Mock mock = mock();
      List<SchedEntity> all = new ArrayList<>();
      for (SchedPriority priority : SchedPriority.values()) {
        all.add(entity(mock, priority));
      }
      Job last = null;
      for (int i = 0; i < 1000; i++) {
        last = new Job(mock, all.get(i % 4)).lasting(MS).submit();
      }

      for (int i = 0; !requireNonNull(last).finished().isSignaled(); i++) {
        List<SchedPriority> priorities = List.of(SchedPriority.values());
        int now = priorities.indexOf(all.get(i % 4).queuedPriority());
        all.get(i % 4).setPriority(priorities.get((now + 1) % 4));
        scheduler.sleep(MS / 4);
      }

      // an entity with one scheduler stays in its run queue, as in Linux
      assertThat(all.stream().map(SchedEntity::queuedPriority))
          .containsExactlyElementsIn(ImmutableList.copyOf(SchedPriority.values()))
          .inOrder();
    });
  }

  // ---- drm_sched_basic_modify_sched_tests

  @Test
  void drmSchedTestModifySched() {
    inTask(() -> {
      List<Mock> mocks = List.of(mock(), mock(), mock());
      List<SchedEntity> all = new ArrayList<>();
      for (int i = 0; i < 13; i++) {
        all.add(entity(mocks.get(i % 3), SchedPriority.NORMAL));
      }
      List<Job> jobs = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        jobs.add(new Job(mocks.get(i % 13 % 3), all.get(i % 13)).lasting(MS).submit());
      }

      for (int i = 1; !jobs.getLast().finished().isSignaled(); i++) {
        all.get(i % 13).modifySchedulers(ImmutableList.of(mocks.get(i % 3).ring));
        scheduler.sleep(MS / 4);
      }

      for (Job job : jobs) {
        assertThat(job.waitFinished(SECOND)).isTrue();
        assertThat(job.finished().error()).isNull();
      }
    });
  }

  @Test
  void theLeastBusySchedulerGetsTheNextJobOnceThoseBeforeHaveFinished() {
    inTask(() -> {
      Mock busy = mock();
      Mock free = mock();
      for (int i = 0; i < 3; i++) {
        var _ = new Job(busy, entity(busy, SchedPriority.NORMAL)).submit();
      }
      SchedEntity entity =
          new SchedEntity(ImmutableList.of(busy.ring, free.ring), SchedPriority.NORMAL, 1);
      Job first = new Job(free, entity).submit();
      for (int i = 0; i < 9; i++) {
        var _ = new Job(free, entity(free, SchedPriority.NORMAL)).submit();
      }
      Job stays = new Job(free, entity).submit();

      assertThat(first.armed().scheduler()).isSameInstanceAs(free.ring);
      assertThat(stays.armed().scheduler()).isSameInstanceAs(free.ring);
      assertThat(stays.waitScheduled(SECOND)).isTrue();
      var _ = free.advance(11);
      assertThat(stays.waitFinished(SECOND)).isTrue();
      for (int i = 0; i < 9; i++) {
        var _ = new Job(free, entity(free, SchedPriority.NORMAL)).submit();
      }
      assertThat(new Job(busy, entity).submit().armed().scheduler()).isSameInstanceAs(busy.ring);
    });
  }

  // ---- drm_sched_basic_credits_tests

  @Test
  void drmSchedTestCredits() {
    inTask(() -> {
      Mock mock = new Mock(1, SchedArgs.NEVER);
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job first = new Job(mock, entity).submit();
      Job second = new Job(mock, entity).submit();

      assertThat(first.waitScheduled(SECOND)).isTrue();
      assertThat(second.waitScheduled(SECOND)).isFalse();
      assertThat(mock.advance(1)).isEqualTo(1);
      assertThat(second.waitScheduled(SECOND)).isTrue();
      assertThat(mock.advance(1)).isEqualTo(1);
      assertThat(second.waitFinished(SECOND)).isTrue();
    });
  }

  @Test
  void aJobTakesAsManyCreditsAsItSaysAndNothingLessUrgentOvertakesIt() {
    inTask(() -> {
      Mock mock = new Mock(8, SchedArgs.NEVER);
      SchedEntity high = entity(mock, SchedPriority.HIGH);
      SchedEntity low = entity(mock, SchedPriority.LOW);
      var _ = new Job(mock, high, "five", 5).submit();
      Job four = new Job(mock, high, "four", 4).submit();
      var _ = new Job(mock, low, "one", 1).submit();

      assertThat(four.waitScheduled(SECOND)).isFalse();
      assertThat(log).containsExactly("run five"); // "one" would fit
      var _ = mock.advance(1);
      assertThat(four.waitScheduled(SECOND)).isTrue();

      mock.ring.flush();
      assertThat(log).containsExactly("run five", "free five", "run four", "run one").inOrder();
    });
  }

  @Test
  void aJobBeyondTheLimitIsCutToItAndSaysSo() {
    inTask(() -> {
      Mock mock = new Mock(4, SchedArgs.NEVER);
      Job job = new Job(mock, entity(mock, SchedPriority.NORMAL), "large", 9).submit();

      assertThat(job.waitScheduled(SECOND)).isTrue();
      assertThat(dmesg.lines().getLast().text())
          .contains("Jobs may not exceed the credit limit, truncate.");
    });
  }

  // ---- dependencies

  @Test
  void aDriverMayAskForMoreToWaitForOnceTheDependenciesHaveSignalled() {
    inTask(() -> {
      Mock mock = mock();
      Fence dependency = new Fence(fences, "other", "ring", 50, 1);
      Fence vmid = new Fence(fences, "other", "ids", 51, 1);
      List<Fence> more = new ArrayList<>(List.of(vmid));
      Job job =
          new Job(mock, entity(mock, SchedPriority.NORMAL)) {
            @Override
            protected @Nullable Fence prepare() {
              log.add("prepare " + dependency.isSignaled());
              return more.isEmpty() ? null : more.removeFirst();
            }
          };
      job.addDependency(dependency);
      var _ = job.submit();

      assertThat(job.hasDependency(dependency)).isTrue();
      assertThat(job.hasDependency(vmid)).isFalse();
      assertThat(job.waitScheduled(SECOND)).isFalse();
      dependency.signal();
      assertThat(job.waitScheduled(SECOND)).isFalse();
      vmid.signal();
      assertThat(job.waitScheduled(SECOND)).isTrue();
      assertThat(log).containsExactly("prepare true", "prepare true", "run job").inOrder();
    });
  }

  /** {@code drm_sched_entity_kill_jobs_work()} looks at the second fence behind a first one. */
  @Test
  void aKilledJobThatWaitsForAnotherToBeScheduledEndsAfterTheOther() {
    inTask(() -> {
      Mock mock = mock();
      Job other = new Job(mock, entity(mock, SchedPriority.NORMAL)).submit();
      assertThat(other.waitScheduled(SECOND)).isTrue();
      SchedEntity entity = entity(new Mock(1, SchedArgs.NEVER), SchedPriority.NORMAL);
      Job dead = new Job(mock, entity);
      dead.addDependency(other.scheduled());
      dead.addDependency(new Fence(fences, "other", "never", 60, 1));
      var _ = dead.submit();

      entity.kill();
      assertThat(dead.waitFinished(SECOND)).isFalse();
      assertThat(mock.advance(1)).isEqualTo(1);
      assertThat(dead.waitFinished(SECOND)).isFalse(); // the other dependency
    });
  }

  // ---- reset

  @Test
  void aStoppedSchedulerRunsAndFreesNothing() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job before = new Job(mock, entity, "before", 1).submit();
      assertThat(before.waitScheduled(SECOND)).isTrue();

      mock.ring.pause();
      var _ = mock.advance(1);
      Job after = new Job(mock, entity, "after", 1).submit();
      assertThat(after.waitScheduled(SECOND)).isFalse();
      assertThat(log).containsExactly("run before");
      mock.ring.resume();

      assertThat(after.waitScheduled(SECOND)).isTrue();
      mock.ring.flush();
      assertThat(log).containsExactly("run before", "run after", "free before");
    });
  }

  /** The guilty job fails with its entity, the others run again, what had ended is freed. */
  @Test
  void aResetRunsAgainWhatWasPendingButNotTheGuiltyEntitysJobs() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      SchedEntity guilty = entity(mock, SchedPriority.NORMAL);
      SchedEntity innocent = entity(mock, SchedPriority.NORMAL);
      Job ended = job(mock, innocent, "ended");
      assertThat(ended.waitScheduled(SECOND)).isTrue();
      Job bad =
          new Job(mock, guilty, "bad", 1) {
            @Override
            protected SchedStat timedOut() {
              mock.ring.stop(this);
              mock.ring.increaseKarma(this);
              mock.ring.increaseKarma(this); // beyond the limit of 1
              mock.jobs.clear();
              mock.ring.resubmitJobs();
              mock.ring.start(null);
              return SchedStat.RESET;
            }

            @Override
            protected @Nullable Fence run() throws ErrnoException {
              if (runs > 0) {
                throw EIO.because("it would hang again");
              }
              return super.run();
            }
          };
      var _ = bad.submit();
      Job next = job(mock, innocent, "next");
      Job same = job(mock, guilty, "same");
      assertThat(same.waitScheduled(SECOND)).isTrue();
      var _ = mock.advance(1);

      assertThat(bad.waitFinished(2 * TIMEOUT)).isTrue();
      assertThat(guilty.isGuilty()).isTrue();
      assertThat(innocent.isGuilty()).isFalse();
      assertThat(next.runs).isEqualTo(2);
      assertThat(same.runs).isEqualTo(2);
      assertThat(mock.advance(2)).isEqualTo(2);
      assertThat(same.waitFinished(SECOND)).isTrue();

      assertThat(ended.finished().error()).isNull();
      assertThat(bad.finished().error()).isNotNull();
      assertThat(next.finished().error()).isNull();
      assertThat(same.finished().error()).isEqualTo(ECANCELED);
      mock.ring.flush();
      for (Job each : List.of(ended, bad, next, same)) {
        assertThat(each.freed).isTrue();
      }
    });
  }

  private Job job(Mock mock, SchedEntity entity, String name) throws ErrnoException {
    return new Job(mock, entity, name, 1).submit();
  }

  @Test
  void whatIsNotGivenToTheHardwareAgainEndsWithTheErrorOfTheReset() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job first = job(mock, entity, "first");
      Job second = job(mock, entity, "second");
      assertThat(second.waitScheduled(SECOND)).isTrue();

      mock.ring.stop(null);
      assertThat(mock.ring.pendingJobs()).containsExactly(first, second).inOrder();
      mock.ring.start(EIO);
      assertThat(first.waitFinished(SECOND)).isTrue();

      assertThat(first.finished().error()).isEqualTo(EIO);
      assertThat(second.finished().error()).isEqualTo(EIO);
      Job third = job(mock, entity, "third");
      assertThat(third.waitScheduled(SECOND)).isTrue();
      mock.ring.stop(null);
      mock.ring.start(null);
      assertThat(third.finished().error()).isEqualTo(ECANCELED);
      assertThat(entity.lastError()).isEqualTo(ECANCELED);
    });
  }

  @Test
  void aBadJobThatHadEndedIsFreedAfterItsTimeout() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      Job late =
          new Job(mock, entity(mock, SchedPriority.NORMAL), "late", 1) {
            @Override
            protected SchedStat timedOut() {
              mock.complete(this, null);
              mock.ring.stop(this);
              mock.ring.start(null);
              log.add("recovered");
              return SchedStat.RESET;
            }
          };
      var _ = late.submit();

      assertThat(late.waitFinished(2 * TIMEOUT)).isTrue();
      scheduler.sleep(MS);

      assertThat(late.finished().error()).isNull();
      assertThat(log).containsExactly("run late", "recovered", "free late").inOrder();
    });
  }

  @Test
  void jobsOfTheKernelAreAlwaysGoodAndOthersOfAGuiltyEntityFail() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity kernel = entity(mock, SchedPriority.KERNEL);
      SchedEntity client = entity(mock, SchedPriority.NORMAL);
      Job moves = job(mock, kernel, "moves");
      Job hangs = job(mock, client, "hangs");
      assertThat(hangs.waitScheduled(SECOND)).isTrue();

      mock.ring.increaseKarma(moves);
      mock.ring.increaseKarma(hangs);
      Job later = job(mock, client, "later");
      assertThat(later.waitScheduled(SECOND)).isTrue();
      var _ = mock.advance(3);
      assertThat(later.waitFinished(SECOND)).isTrue();

      assertThat(kernel.isGuilty()).isFalse();
      assertThat(later.finished().error()).isEqualTo(ECANCELED);
    });
  }

  @Test
  void aHardwareThatIsGoneIsWatchedNoMore() {
    inTask(() -> {
      Mock mock = new Mock(NO_LIMIT, TIMEOUT);
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job gone =
          new Job(mock, entity, "gone", 1) {
            @Override
            protected SchedStat timedOut() {
              log.add("gone at " + scheduler.nowNs() / MS);
              return SchedStat.ENODEV;
            }
          };
      var _ = gone.submit();
      Job next = job(mock, entity, "next");

      assertThat(next.waitFinished(10 * TIMEOUT)).isFalse();
      assertThat(log).containsExactly("run gone", "run next", "gone at 200").inOrder();
      assertThat(next.timedOut).isFalse();
    });
  }

  /** {@code drm_sched_cancel_remaining_jobs()} takes each off the list and frees it. */
  @Test
  void aCancelledJobIsNotPendingAnyMore() {
    inTask(() -> {
      Mock mock = mock();
      SchedEntity entity = entity(mock, SchedPriority.NORMAL);
      Job job = new Job(mock, entity).submit();
      assertThat(job.waitScheduled(SECOND)).isTrue();
      assertThat(mock.ring.pendingJobs()).containsExactly(job);
      entity.kill();

      mock.ring.fini();

      assertThat(mock.ring.pendingJobs()).isEmpty();
      assertThat(job.freed).isTrue();
      assertThat(job.finished().error()).isEqualTo(ECANCELED);
    });
  }
}
