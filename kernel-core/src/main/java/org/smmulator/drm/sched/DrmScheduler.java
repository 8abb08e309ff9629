package org.smmulator.drm.sched;

import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.ECANCELED;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * Feeds one ring with the jobs of many entities. Kernel: {@code struct drm_gpu_scheduler}.
 *
 * <p>The first priority that has a ready entity wins, and in it the entity whose first job waits
 * longest. If that job does not fit into what room is left, nothing else runs either.
 *
 * <p>A job that the hardware has is pending until it is freed, which happens in order. The oldest
 * one is watched: if it takes longer than the timeout, the driver is asked. A driver that resets
 * its hardware stops the scheduler meanwhile ({@link #stop}, {@link #resubmitJobs}, {@link
 * #start}).
 */
// Left out: round robin, the suspending of the timeout, and fewer run queues than priorities.
public final class DrmScheduler {
  private static final Comparator<SchedEntity> LONGEST_WAITING_FIRST =
      Comparator.comparingLong(SchedEntity::oldestStamp);

  private final SchedArgs args;
  private final FenceContexts fences;
  private final Scheduler scheduler;
  private final Dmesg dmesg;
  private final EnumMap<SchedPriority, TreeSet<SchedEntity>> runQueues =
      new EnumMap<>(SchedPriority.class);
  private final ArrayDeque<SchedJob> killedJobs = new ArrayDeque<>();

  /** The jobs that the hardware has or had and that are not freed, oldest first. */
  private final ArrayDeque<SchedJob> pending = new ArrayDeque<>();

  private final WaitQueue runs;
  private final Work runWork;
  private final Work killWork;
  private final Work freeWork;
  private final Work timeoutWork;
  private final Timer timeout;
  private final Tracepoint<SchedTrace.JobQueue> queueTrace;
  private final Tracepoint<SchedTrace.JobRun> runTrace;
  private final Tracepoint<SchedTrace.JobDone> doneTrace;
  private final Tracepoint<SchedTrace.JobAddDep> addDepTrace;
  private final Tracepoint<SchedTrace.JobUnschedulable> unschedulableTrace;
  private int creditsInUse;
  private int score;
  private long stamps;
  private boolean paused;

  /** The job that a timeout is about had ended: {@link #stop} left it to be freed. */
  private boolean freeGuilty;

  /** Makes a scheduler without entities. Kernel: {@code drm_sched_init()}. */
  public DrmScheduler(
      SchedArgs args, FenceContexts fences, Scheduler scheduler, Tracer tracer, Dmesg dmesg) {
    this.args = args;
    this.fences = fences;
    this.scheduler = scheduler;
    this.dmesg = dmesg;
    for (SchedPriority priority : SchedPriority.values()) {
      runQueues.put(priority, new TreeSet<>(LONGEST_WAITING_FIRST));
    }
    this.runs = new WaitQueue(scheduler, args.name() + " to run jobs");
    Workqueue worker = new Workqueue(scheduler, args.name());
    this.runWork = worker.work(this::runJobs);
    this.killWork = worker.work(this::finishKilledJobs);
    this.freeWork = worker.work(this::freeJobs);
    Workqueue timeouts = args.timeoutQueue();
    this.timeoutWork =
        (timeouts == null ? new Workqueue(scheduler, args.name() + "-tdr") : timeouts)
            .work(this::timedOut);
    this.timeout = new Timer(scheduler, timeoutWork::queue);
    this.queueTrace = tracer.tracepoint(SchedTrace.JobQueue.class);
    this.runTrace = tracer.tracepoint(SchedTrace.JobRun.class);
    this.doneTrace = tracer.tracepoint(SchedTrace.JobDone.class);
    this.addDepTrace = tracer.tracepoint(SchedTrace.JobAddDep.class);
    this.unschedulableTrace = tracer.tracepoint(SchedTrace.JobUnschedulable.class);
  }

  public String name() {
    return args.name();
  }

  /**
   * Waits until the worker has nothing to do: jobs that can run do, and finished ones are freed.
   */
  public void flush() {
    runWork.flush();
    killWork.flush();
    freeWork.flush();
  }

  FenceContexts fences() {
    return fences;
  }

  long nextStamp() {
    return stamps++;
  }

  // ---- load

  /** How busy it is: jobs that have not ended, and entities that have had any. */
  void addScore(int change) {
    score += change;
  }

  /** The least busy, the first of equals. Kernel: {@code drm_sched_pick_best()}. */
  static DrmScheduler leastBusy(ImmutableList<DrmScheduler> choice) {
    DrmScheduler best = choice.getFirst();
    for (DrmScheduler each : choice) {
      if (each.score < best.score) {
        best = each;
      }
    }
    return best;
  }

  // ---- run queues

  /** Queues an entity that has a job. */
  void join(SchedEntity entity) {
    queueOf(entity).add(entity);
  }

  /** Takes an entity off its queue, before its first job changes. */
  void leave(SchedEntity entity) {
    if (entity.jobCount() > 0) {
      queueOf(entity).remove(entity);
    }
  }

  private Set<SchedEntity> queueOf(SchedEntity entity) {
    return requireNonNull(runQueues.get(entity.queuedPriority()));
  }

  /** Waits, while jobs are run, until {@code condition} holds; returns whether it does. */
  boolean awaitRuns(BooleanSupplier condition, long timeoutNs, boolean killable) {
    long deadlineNs =
        timeoutNs == SchedArgs.NEVER ? WaitQueue.FOREVER : scheduler.nowNs() + timeoutNs;
    if (!condition.getAsBoolean()) {
      var _ =
          killable
              ? runs.awaitInterruptible(condition, deadlineNs)
              : runs.await(condition, deadlineNs);
    }
    return condition.getAsBoolean();
  }

  /** Has those look again who wait for jobs to be run. */
  void tellRuns() {
    runs.wakeAll();
  }

  /** Traces a job that is about to be pushed, and what it waits for. */
  void tracePush(SchedEntity entity, SchedJob job) {
    if (queueTrace.on) {
      queueTrace.emit(
          new SchedTrace.JobQueue(
              args.deviceName(),
              job.armed().context(),
              job.armed().seqno(),
              args.name(),
              entity.jobCount(),
              creditsInUse,
              entity.clientId()));
    }
    if (addDepTrace.on) {
      for (Fence dependency : job.dependencies()) {
        addDepTrace.emit(
            new SchedTrace.JobAddDep(
                job.armed().context(),
                job.armed().seqno(),
                dependency.context(),
                dependency.seqno()));
      }
    }
  }

  /** Traces that a job has to wait for {@code fence}, if that is so. */
  void traceUnschedulable(SchedJob job, Fence fence) {
    if (unschedulableTrace.on && !fence.isSignaled()) {
      unschedulableTrace.emit(
          new SchedTrace.JobUnschedulable(
              job.armed().context(), job.armed().seqno(), fence.context(), fence.seqno()));
    }
  }

  // ---- running

  /** Looks for jobs that can run. Kernel: {@code drm_sched_wakeup()}. */
  void wake() {
    if (!paused) {
      runWork.queue();
    }
  }

  private void freeSoon() {
    if (!paused) {
      freeWork.queue();
    }
  }

  private void runJobs() {
    for (SchedEntity next = select(); next != null && !paused; next = select()) {
      next.setBusy(true);
      SchedJob job = next.pop();
      if (job != null) {
        run(job);
      }
      next.setBusy(false);
      runs.wakeAll();
    }
  }

  /**
   * The entity whose turn it is; null if none is ready, or the first one's job does not fit.
   * Kernel: {@code drm_sched_select_entity()}.
   */
  private @Nullable SchedEntity select() {
    for (TreeSet<SchedEntity> queue : runQueues.values()) {
      for (SchedEntity entity : queue) {
        if (entity.isReady()) {
          return fits(entity.head()) ? entity : null;
        }
      }
    }
    return null;
  }

  /** Kernel: {@code drm_sched_can_queue()}. */
  private boolean fits(SchedJob job) {
    if (job.credits() > args.creditLimit()) {
      dmesg.warn("%s: Jobs may not exceed the credit limit, truncate.", args.deviceName());
      job.truncateCredits(args.creditLimit()); // else it would never run
    }
    return creditsInUse + job.credits() <= args.creditLimit();
  }

  /** Kernel: {@code drm_sched_run_job_work()}. */
  private void run(SchedJob job) {
    creditsInUse += job.credits();
    pending.addLast(job);
    startTimeout();
    if (runTrace.on) {
      runTrace.emit(
          new SchedTrace.JobRun(
              args.deviceName(),
              job.armed().context(),
              job.armed().seqno(),
              args.name(),
              job.entity().jobCount(),
              creditsInUse,
              job.entity().clientId()));
    }
    Fence hardware = null;
    Errno failure = null;
    try {
      hardware = job.run();
    } catch (ErrnoException e) {
      failure = e.errno();
    }
    if (hardware != null) {
      job.armed().setParent(hardware);
    }
    job.scheduled().signal();
    if (hardware == null) {
      done(job, failure);
    } else if (!hardware.addCallback(job.hardwareCallback())) {
      done(job, hardware.error());
    }
  }

  /**
   * The hardware is through with {@code job}. May be a hard interrupt. Kernel: {@code
   * drm_sched_job_done()}.
   */
  void done(SchedJob job, @Nullable Errno result) {
    creditsInUse -= job.credits();
    addScore(-1);
    if (doneTrace.on) {
      doneTrace.emit(new SchedTrace.JobDone(job.armed().context(), job.armed().seqno()));
    }
    if (result != null) {
      job.finished().setError(result);
    }
    job.finished().signal();
    freeSoon();
  }

  /** Kernel: {@code drm_sched_free_job_work()}. */
  private void freeJobs() {
    for (SchedJob job = finishedJob(); job != null; job = finishedJob()) {
      job.free();
    }
    wake();
  }

  /** Takes out the oldest job, if it has ended. Kernel: {@code drm_sched_get_finished_job()}. */
  private @Nullable SchedJob finishedJob() {
    SchedJob oldest = pending.peekFirst();
    if (oldest == null || paused || !oldest.finished().isSignaled()) {
      return null;
    }
    pending.removeFirst();
    timeout.cancel();
    startTimeout();
    return oldest;
  }

  // ---- jobs that will not run

  /** Finishes a job that will not run, with ESRCH, after {@code fence} and its dependencies. */
  void finishUnrunAfter(@Nullable Fence fence, SchedJob job) {
    if (fence == null || !fence.addCallback(() -> finishUnrunLater(job))) {
      finishUnrunLater(job);
    }
  }

  // By the worker: fences that signal each other in turn would use up the stack.
  private void finishUnrunLater(SchedJob job) {
    killedJobs.addLast(job);
    killWork.queue();
  }

  private void finishKilledJobs() {
    for (SchedJob job = killedJobs.pollFirst(); job != null; job = killedJobs.pollFirst()) {
      SchedJob dead = job;
      Fence next = job.nextEnd();
      while (next != null && !next.addCallback(() -> finishUnrunLater(dead))) {
        next = job.nextEnd();
      }
      if (next == null) {
        finishUnrun(job);
      }
    }
  }

  private static void finishUnrun(SchedJob job) {
    job.scheduled().signal();
    job.finished().setError(ESRCH);
    job.finished().signal();
    job.free();
  }

  // ---- timeouts

  private void startTimeout() {
    if (args.timeoutNs() != SchedArgs.NEVER && !pending.isEmpty()) {
      timeout.modify(scheduler.nowNs() + args.timeoutNs());
    }
  }

  /**
   * The hardware has told of a fault: the oldest job has taken too long now. Callable from a hard
   * interrupt. Kernel: {@code drm_sched_fault()}.
   */
  public void fault() {
    timeout.cancel();
    timeoutWork.queue();
  }

  /** Kernel: {@code drm_sched_job_timedout()}. */
  private void timedOut() {
    // Off the list, so that it is not freed meanwhile; stop() puts it back.
    SchedJob oldest = pending.pollFirst();
    SchedStat status = SchedStat.RESET;
    if (oldest != null) {
      status = oldest.timedOut();
      if (freeGuilty) {
        oldest.free();
        freeGuilty = false;
      }
      if (status == SchedStat.NO_HANG) {
        pending.addFirst(oldest);
        freeSoon(); // it may have ended meanwhile
      }
    }
    if (status != SchedStat.ENODEV) {
      startTimeout();
    }
  }

  /**
   * Counts a hang of {@code bad} and marks its entity guilty; jobs of the kernel are always good.
   * Kernel: {@code drm_sched_increase_karma()}.
   */
  public void increaseKarma(SchedJob bad) {
    SchedEntity entity = bad.entity();
    if (entity.queuedPriority() == SchedPriority.KERNEL) {
      return;
    }
    bad.addKarma();
    if (!entity.isStopped()) {
      entity.markGuilty();
    }
  }

  // ---- stop and start

  /**
   * Runs and frees nothing until {@link #resume}; returns when the worker does neither any more.
   * Kernel: {@code drm_sched_wqueue_stop()}.
   */
  public void pause() {
    paused = true;
    runWork.cancelSync();
    freeWork.cancelSync();
  }

  /** Runs and frees again. Kernel: {@code drm_sched_wqueue_start()}. */
  public void resume() {
    paused = false;
    runWork.queue();
    freeWork.queue();
  }

  /**
   * Stops for a reset of the hardware: what it has done is freed, and the other jobs wait for it no
   * more. Kernel: {@code drm_sched_stop()}.
   *
   * @param bad the job that {@link SchedJob#timedOut} was called for, which becomes the oldest
   *     pending one again unless it has ended; null if there is none
   */
  @SuppressWarnings("ReferenceEquality") // a job has an identity
  public void stop(@Nullable SchedJob bad) {
    pause();
    if (bad != null && bad.armed().scheduler() == this) {
      pending.addFirst(bad);
    }
    for (Iterator<SchedJob> latestFirst = pending.descendingIterator(); latestFirst.hasNext(); ) {
      SchedJob job = latestFirst.next();
      Fence hardware = job.armed().parent();
      if (hardware != null && hardware.removeCallback(job.hardwareCallback())) {
        job.armed().forgetParent();
        creditsInUse -= job.credits();
        continue;
      }
      latestFirst.remove();
      var _ = job.finished().await(WaitQueue.FOREVER);
      if (job == bad) {
        freeGuilty = true;
      } else {
        job.free();
      }
    }
    timeout.cancel();
  }

  /**
   * Gives the pending jobs to the hardware again, oldest first. Jobs of the entity of one that hung
   * more often than the limit have failed, which their {@link SchedJob#run} can see by {@link
   * Fence#errorSoFar}. Kernel: {@code drm_sched_resubmit_jobs()}, which new drivers are told not to
   * use.
   */
  public void resubmitJobs() {
    SchedEntity guilty = null;
    for (SchedJob job : pending) {
      if (guilty == null && job.karma() > args.hangLimit()) {
        guilty = job.entity();
      }
      if (job.entity() == guilty) {
        job.finished().setError(ECANCELED);
      }
      Fence hardware = null;
      try {
        hardware = job.run();
      } catch (ErrnoException e) {
        job.finished().setError(e.errno());
      }
      if (hardware == null) {
        job.armed().forgetParent();
      } else {
        job.armed().setParent(hardware);
      }
    }
  }

  /**
   * Goes on after {@link #stop}. A pending job that the hardware does not have ends. Kernel: {@code
   * drm_sched_start()}.
   *
   * @param error the error of jobs that end here; null for none, or ECANCELED of those that the
   *     hardware does not have
   */
  public void start(@Nullable Errno error) {
    for (SchedJob job : ImmutableList.copyOf(pending)) {
      creditsInUse += job.credits();
      Fence hardware = job.armed().parent();
      if (hardware == null) {
        done(job, error == null ? ECANCELED : error);
      } else if (!hardware.addCallback(job.hardwareCallback())) {
        done(job, hardware.error() == null ? error : hardware.error());
      }
    }
    startTimeout();
    resume();
  }

  /**
   * The jobs that the hardware has or had, oldest first. Kernel: {@code
   * drm_sched_for_each_pending_job()}.
   */
  public ImmutableList<SchedJob> pendingJobs() {
    return ImmutableList.copyOf(pending);
  }

  /**
   * Ends the scheduler, whose entities have been killed: it runs nothing more, and cancels what the
   * hardware has, latest first. Kernel: {@code drm_sched_fini()}.
   */
  public void fini() {
    pause();
    runs.wakeAll();
    timeout.cancel();
    timeoutWork.cancelSync();
    for (Iterator<SchedJob> latestFirst = pending.descendingIterator(); latestFirst.hasNext(); ) {
      SchedJob job = latestFirst.next();
      if (job.cancel()) {
        latestFirst.remove();
        job.free();
      }
    }
    if (!pending.isEmpty()) {
      dmesg.warn("%s: Tearing down scheduler while jobs are pending!", args.deviceName());
    }
  }
}
