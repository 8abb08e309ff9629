package org.smmulator.drm.sched;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** Jobs on a ring: the stories of the kernel's {@code drm_sched_basic_tests}. */
class DrmSchedulerTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Tracer tracer = new Tracer(scheduler, 100);
  private final FenceContexts fences =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final DrmScheduler ring = ring(8);
  private final List<String> log = new ArrayList<>();
  private long hardwareSeqno;

  @AfterEach
  void close() {
    scheduler.close();
  }

  private DrmScheduler ring(int credits) {
    return new DrmScheduler(
        SchedArgs.endless("gpu-ring-0", "5000000.gpu", credits),
        fences,
        scheduler,
        tracer,
        new Dmesg(scheduler));
  }

  private SchedEntity entity(DrmScheduler on, SchedPriority priority) {
    return new SchedEntity(on, priority, 1);
  }

  private Job job(SchedEntity entity, String name) throws ErrnoException {
    return new Job(entity, name, 1);
  }

  private void settle() {
    var _ = scheduler.run(() -> false);
  }

  private final class Job extends SchedJob {
    private final String name;
    final Fence hardware = new Fence(fences, "mock", "ring", 77, ++hardwareSeqno);
    @Nullable Errno failure;

    Job(SchedEntity entity, String name, int credits) throws ErrnoException {
      super(entity, credits);
      this.name = name;
    }

    Job pushed() {
      arm();
      push();
      return this;
    }

    @Override
    protected Fence run() throws ErrnoException {
      log.add("run " + name);
      if (failure != null) {
        throw failure.because("told so");
      }
      return hardware;
    }

    @Override
    protected void free() {
      log.add("free " + name);
    }
  }

  @Test // drm_sched_basic_submit
  void aJobIsScheduledThenFinishedThenFreed() throws Exception {
    Job job = job(entity(ring, SchedPriority.NORMAL), "a").pushed();
    assertThat(job.scheduled().isSignaled()).isFalse();

    settle();
    assertThat(job.scheduled().isSignaled()).isTrue();
    assertThat(job.finished().isSignaled()).isFalse();
    job.hardware.signal();
    settle();

    assertThat(job.finished().isSignaled()).isTrue();
    assertThat(log).containsExactly("run a", "free a").inOrder();
  }

  @Test // drm_sched_basic_test: chain
  void aJobOfAnotherRingWaitsUntilTheFirstHasFinished() throws Exception {
    DrmScheduler other = ring(8);
    Job first = job(entity(ring, SchedPriority.NORMAL), "first");
    first.arm();
    Job second = job(entity(other, SchedPriority.NORMAL), "second");
    second.addDependency(first.finished());

    var _ = second.pushed();
    first.push();
    settle();
    assertThat(log).containsExactly("run first");
    first.hardware.signal();
    settle();

    assertThat(log).contains("run second");
  }

  @Test
  void aJobOfTheSameRingWaitsUntilTheFirstIsScheduledOnly() throws Exception {
    Job first = job(entity(ring, SchedPriority.NORMAL), "first");
    first.arm();
    Job second = job(entity(ring, SchedPriority.NORMAL), "second");
    second.addDependency(first.finished());

    var _ = second.pushed();
    settle();
    assertThat(log).isEmpty();
    first.push();
    settle();

    assertThat(log).containsExactly("run first", "run second").inOrder();
  }

  @Test // test_credits
  void whatDoesNotFitWaitsUntilSomethingCompletes() throws Exception {
    DrmScheduler narrow = ring(1);
    SchedEntity entity = entity(narrow, SchedPriority.NORMAL);
    Job first = job(entity, "first").pushed();
    Job second = job(entity, "second").pushed();

    settle();
    assertThat(first.scheduled().isSignaled()).isTrue();
    assertThat(second.scheduled().isSignaled()).isFalse();
    first.hardware.signal();
    settle();

    assertThat(second.scheduled().isSignaled()).isTrue();
  }

  @Test // drm_sched_priorities
  void aMoreUrgentEntityGoesFirstHoweverLateItCame() throws Exception {
    var _ = job(entity(ring, SchedPriority.LOW), "low").pushed();
    var _ = job(entity(ring, SchedPriority.NORMAL), "normal").pushed();
    var _ = job(entity(ring, SchedPriority.KERNEL), "kernel").pushed();
    var _ = job(entity(ring, SchedPriority.HIGH), "high").pushed();

    settle();

    assertThat(log).containsExactly("run kernel", "run high", "run normal", "run low").inOrder();
  }

  @Test
  void entitiesOfOnePriorityTakeTurnsByTheAgeOfTheirFirstJob() throws Exception {
    SchedEntity a = entity(ring, SchedPriority.NORMAL);
    SchedEntity b = entity(ring, SchedPriority.NORMAL);
    var _ = job(a, "a1").pushed();
    var _ = job(b, "b1").pushed();
    var _ = job(a, "a2").pushed();
    var _ = job(b, "b2").pushed();

    settle();

    assertThat(log).containsExactly("run a1", "run b1", "run a2", "run b2").inOrder();
  }

  @Test // drm_sched_basic_entity_cleanup
  void aKilledEntitysJobsFinishWithEsrchAndNeverRun() throws Exception {
    DrmScheduler narrow = ring(1);
    SchedEntity entity = entity(narrow, SchedPriority.NORMAL);
    Job running = job(entity, "running").pushed();
    Job waiting = job(entity, "waiting").pushed();
    settle();

    entity.kill();
    assertThat(waiting.finished().isSignaled()).isFalse(); // what came before it still runs
    running.hardware.signal();
    settle();

    assertThat(running.finished().error()).isNull();
    assertThat(waiting.finished().error()).isEqualTo(Errno.ESRCH);
    assertThat(log).containsExactly("run running", "free running", "free waiting");
    var e = assertThrows(ErrnoException.class, () -> job(entity, "late"));
    assertThat(e.errno()).isEqualTo(Errno.ENOENT);
  }

  /** {@code drm_sched_entity_kill_jobs_work()} waits for them "to avoid data corruptions". */
  @Test
  void aKilledEntitysJobFinishesAfterWhatItWaitsFor() throws Exception {
    SchedEntity entity = entity(ring, SchedPriority.NORMAL);
    Fence started = new Fence(fences, "other", "first", 5, 1);
    Fence later = new Fence(fences, "other", "second", 6, 1);
    Job job = job(entity, "job");
    job.addDependency(started);
    job.addDependency(later);
    var _ = job.pushed();
    settle();

    entity.kill();
    settle();
    assertThat(job.finished().isSignaled()).isFalse();
    later.signal();
    settle();
    assertThat(job.finished().isSignaled()).isFalse();
    started.signal();
    settle();

    assertThat(job.finished().error()).isEqualTo(Errno.ESRCH);
    assertThat(log).containsExactly("free job");
  }

  @Test
  void aKilledEntityMayHaveAnyNumberOfJobs() throws Exception {
    SchedEntity entity = entity(ring(1), SchedPriority.NORMAL);
    Job first = job(entity, "first").pushed();
    settle();
    Job last = first;
    for (int i = 0; i < 20_000; i++) {
      last = job(entity, "").pushed();
    }

    entity.kill();
    first.hardware.signal();
    settle();

    assertThat(last.finished().error()).isEqualTo(Errno.ESRCH);
  }

  /** The order and the numbers of {@code gpu_scheduler_trace.h}, which Linux keeps stable. */
  @Test
  void theTraceShowsAJobBeforeItIsPushedAndDoneBeforeItsFenceSignals() throws Exception {
    tracer.enableAll();
    SchedEntity entity = entity(ring(4), SchedPriority.NORMAL);
    Job first = new Job(entity, "first", 3).pushed(); // the count is of credits, not of jobs
    settle();
    Fence foreign = new Fence(fences, "other", "ring", 99, 7);
    Job second = job(entity, "second");
    second.addDependency(foreign);
    var _ = second.pushed();
    settle();
    var _ = first.finished().addCallback(() -> log.add("finished after " + events().getLast()));

    first.hardware.signal();
    foreign.signal();
    settle();

    long context = first.finished().context();
    assertThat(events())
        .containsExactly(
            "drm_sched_job_queue: dev=5000000.gpu, fence=%d:1, ring=gpu-ring-0, job count:0, hw job count:0, client_id:1"
                .formatted(context),
            "drm_sched_job_run: dev=5000000.gpu, fence=%d:1, ring=gpu-ring-0, job count:0, hw job count:3, client_id:1"
                .formatted(context),
            "drm_sched_job_queue: dev=5000000.gpu, fence=%d:2, ring=gpu-ring-0, job count:0, hw job count:3, client_id:1"
                .formatted(context),
            "drm_sched_job_add_dep: fence=%d:2 depends on fence=99:7".formatted(context),
            "drm_sched_job_unschedulable: fence=%d:2 depends on unsignalled fence=99:7"
                .formatted(context),
            "drm_sched_job_done: fence=%d:1 signaled".formatted(context),
            "drm_sched_job_run: dev=5000000.gpu, fence=%d:2, ring=gpu-ring-0, job count:0, hw job count:1, client_id:1"
                .formatted(context))
        .inOrder();
    assertThat(log)
        .contains("finished after drm_sched_job_done: fence=%d:1 signaled".formatted(context));
  }

  private List<String> events() {
    return tracer.events().stream()
        .filter(event -> event.system().equals("gpu_scheduler"))
        .map(event -> event.name() + ": " + event.print())
        .toList();
  }

  @Test
  void theErrorOfTheHardwareFenceOrOfRunBecomesTheJobs() throws Exception {
    SchedEntity entity = entity(ring, SchedPriority.NORMAL);
    Job cancelled = job(entity, "cancelled").pushed();
    Job refused = job(entity, "refused");
    refused.failure = Errno.EINVAL;
    var _ = refused.pushed();
    settle();

    cancelled.hardware.setError(Errno.ECANCELED);
    cancelled.hardware.signal();
    settle();

    assertThat(cancelled.finished().error()).isEqualTo(Errno.ECANCELED);
    assertThat(refused.finished().error()).isEqualTo(Errno.EINVAL);
  }

  /** A job that was made before its entity was killed: nobody may wait for it for ever. */
  @Test
  void aJobPushedToAKilledEntityEndsAfterWhatCameBeforeItAndNeverRuns() throws Exception {
    SchedEntity entity = entity(ring, SchedPriority.NORMAL);
    Job running = job(entity, "running").pushed();
    Job late = job(entity, "late");
    settle();
    entity.kill();

    var _ = late.pushed();
    settle();
    assertThat(late.finished().isSignaled()).isFalse();
    running.hardware.signal();
    settle();

    assertThat(late.finished().error()).isEqualTo(Errno.ESRCH);
    assertThat(late.scheduled().isSignaled()).isTrue();
    assertThat(log).containsExactly("run running", "free running", "free late");
  }
}
