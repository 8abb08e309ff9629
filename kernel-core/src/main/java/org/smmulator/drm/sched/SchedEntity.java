package org.smmulator.drm.sched;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ECANCELED;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.kernel.errno.Errno;

/**
 * A queue of jobs that run one after another, on one scheduler or on the least busy of several.
 * Kernel: {@code struct drm_sched_entity}.
 */
public final class SchedEntity {
  /** {@code MAX_WAIT_SCHED_ENTITY_Q_EMPTY}: a second. */
  private static final long MOST_FLUSH_NS = 1_000_000_000L;

  private final long clientId;
  private final long context;
  private final ArrayDeque<SchedJob> jobs = new ArrayDeque<>(4);

  /** The schedulers to choose from when a job is armed; empty while there is nothing to choose. */
  private ImmutableList<DrmScheduler> choice;

  private SchedPriority priority;

  // The run queue: jobs stand in that of this scheduler and this priority.
  private DrmScheduler scheduler;
  private SchedPriority queued;
  private boolean onRunQueue;

  private long lastSeqno;
  private @Nullable Fence waitingFor;
  private @Nullable FinishedFence lastScheduled;
  private boolean stopped;
  private boolean guilty;

  /** The worker is between taking out a job and having run it. */
  private boolean busy;

  /**
   * Makes an empty entity.
   *
   * @param clientId the DRM file's number, for traces
   */
  public SchedEntity(DrmScheduler scheduler, SchedPriority priority, long clientId) {
    this(ImmutableList.of(scheduler), priority, clientId);
  }

  /** The same, with several schedulers, of which the least busy gets the next job. */
  public SchedEntity(
      ImmutableList<DrmScheduler> schedulers, SchedPriority priority, long clientId) {
    checkArgument(!schedulers.isEmpty(), "no scheduler");
    this.scheduler = schedulers.getFirst();
    this.choice = schedulers.size() > 1 ? schedulers : ImmutableList.of();
    this.priority = priority;
    this.queued = priority;
    this.clientId = clientId;
    this.context = scheduler.fences().alloc(2);
  }

  /**
   * Lets later jobs run on one of {@code schedulers}, as soon as those before have finished.
   * Kernel: {@code drm_sched_entity_modify_sched()}.
   */
  public void modifySchedulers(ImmutableList<DrmScheduler> schedulers) {
    checkArgument(!schedulers.isEmpty(), "no scheduler");
    choice = schedulers;
  }

  /**
   * Sets the priority of the next run queue. As in Linux nothing changes until one is chosen, which
   * an entity with one scheduler never does. Kernel: {@code drm_sched_entity_set_priority()}.
   */
  public void setPriority(SchedPriority wanted) {
    priority = wanted;
  }

  /** Chooses a run queue for the next job. Kernel: {@code drm_sched_entity_select_rq()}. */
  void selectScheduler() {
    boolean mustStay =
        choice.isEmpty()
            || !jobs.isEmpty()
            || (lastScheduled != null && !lastScheduled.isSignaled());
    if (mustStay) {
      return;
    }
    DrmScheduler best = DrmScheduler.leastBusy(choice);
    if (best != scheduler || priority != queued) {
      leaveRunQueue();
      scheduler = best;
      queued = priority;
    }
    if (choice.size() == 1) {
      choice = ImmutableList.of();
    }
  }

  private void leaveRunQueue() {
    if (onRunQueue) {
      onRunQueue = false;
      scheduler.leave(this);
      scheduler.addScore(-1);
    }
  }

  // ---- the end

  /**
   * Waits until every job has been given to the hardware, or the entity is killed. Kernel: {@code
   * drm_sched_entity_flush()}.
   *
   * @param timeoutNs how long at most
   * @param killable a fatal signal ends the wait: for a task that is not exiting
   * @return whether that is so
   */
  public boolean flush(long timeoutNs, boolean killable) {
    return scheduler.awaitRuns(this::isIdle, timeoutNs, killable);
  }

  private boolean isIdle() {
    return jobs.isEmpty() || stopped;
  }

  /**
   * Ends the entity of a task that exits: what the hardware does not get within a second never
   * runs. Kernel: {@code drm_sched_entity_destroy()}.
   */
  public void destroy() {
    var _ = flush(MOST_FLUSH_NS, false);
    kill();
  }

  /**
   * Ends the entity: jobs that have not run never will, and finish with ESRCH when what came before
   * them has, and what they wait for: who waits for a job takes its buffers for free then. Kernel:
   * {@code drm_sched_entity_kill()}, {@code drm_sched_entity_kill_jobs_work()}.
   */
  public void kill() {
    if (stopped) {
      return;
    }
    stopped = true;
    leaveRunQueue();
    if (busy) {
      var _ = scheduler.awaitRuns(() -> !busy, SchedArgs.NEVER, false);
    }
    Fence previous = lastScheduled;
    for (SchedJob job = jobs.pollFirst(); job != null; job = jobs.pollFirst()) {
      job.rewindDependencies();
      scheduler.addScore(-1);
      scheduler.finishUnrunAfter(previous, job);
      previous = job.finished();
    }
    scheduler.tellRuns();
  }

  /** Returns whether the entity was killed. */
  public boolean isStopped() {
    return stopped;
  }

  // ---- guilt

  /** A job of it hung. Kernel: {@code drm_sched_increase_karma()}. */
  void markGuilty() {
    guilty = true;
  }

  /** Returns whether a job of it hung, so that its other jobs fail with ECANCELED. */
  public boolean isGuilty() {
    return guilty;
  }

  /**
   * The error of the job that the hardware got last; null if there is none yet. Kernel: {@code
   * drm_sched_entity_error()}.
   */
  public @Nullable Errno lastError() {
    return lastScheduled == null ? null : lastScheduled.errorSoFar();
  }

  // ---- for the scheduler

  SchedPriority queuedPriority() {
    return queued;
  }

  long clientId() {
    return clientId;
  }

  int jobCount() {
    return jobs.size();
  }

  long oldestStamp() {
    SchedJob head = jobs.peekFirst();
    checkState(head != null, "the entity is empty");
    return head.pushedStamp;
  }

  boolean isReady() {
    return !jobs.isEmpty() && waitingFor == null;
  }

  SchedJob head() {
    return jobs.getFirst();
  }

  void setBusy(boolean running) {
    busy = running;
  }

  FinishedFence nextFence() {
    return new FinishedFence(scheduler.fences(), scheduler, context + 1, ++lastSeqno);
  }

  void push(SchedJob job) {
    if (stopped) {
      // the kernel prints and forgets it; nobody may wait for it for ever
      scheduler.finishUnrunAfter(lastScheduled, job);
      return;
    }
    scheduler.tracePush(this, job);
    scheduler.addScore(1);
    boolean first = jobs.isEmpty();
    jobs.addLast(job);
    job.pushedStamp = scheduler.nextStamp();
    if (first) {
      if (!onRunQueue) {
        onRunQueue = true;
        scheduler.addScore(1);
      }
      scheduler.join(this);
      scheduler.wake();
    }
  }

  /** Takes out the first job; null if it has to wait for something yet. */
  @Nullable SchedJob pop() {
    SchedJob job = jobs.getFirst();
    for (Fence next = job.nextDependency(); next != null; next = job.nextDependency()) {
      if (mustWaitFor(job, next)) {
        return null;
      }
    }
    if (guilty) {
      job.finished().setError(ECANCELED);
    }
    scheduler.leave(this);
    jobs.removeFirst();
    lastScheduled = job.armed();
    if (!jobs.isEmpty()) {
      scheduler.join(this);
    }
    return job;
  }

  private boolean mustWaitFor(SchedJob job, Fence fence) {
    if (fence.context() == context || fence.context() == context + 1) {
      return false; // its own jobs run in order anyway
    }
    Fence enough =
        fence instanceof FinishedFence other
                && other.scheduler() == scheduler
                && other.errorSoFar() == null
            ? other.scheduled() // the ring keeps the order once both are in it
            : fence;
    scheduler.traceUnschedulable(job, enough);
    waitingFor = enough;
    if (enough.addCallback(this::dependencySignaled)) {
      return true;
    }
    waitingFor = null;
    return false;
  }

  private void dependencySignaled() {
    waitingFor = null;
    scheduler.wake();
  }
}
