package org.smmulator.drm.sched;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;

/** A queue of jobs that run one after another. Kernel: {@code struct drm_sched_entity}. */
public final class SchedEntity {
  private final DrmScheduler scheduler;
  private final SchedPriority priority;
  private final long clientId;
  private final long context;
  private final ArrayDeque<SchedJob> jobs = new ArrayDeque<>();
  private long lastSeqno;
  private @Nullable Fence waitingFor;
  private @Nullable Fence lastScheduled;
  private boolean stopped;

  /**
   * Makes an empty entity.
   *
   * @param clientId the DRM file's number, for traces
   */
  public SchedEntity(DrmScheduler scheduler, SchedPriority priority, long clientId) {
    this.scheduler = scheduler;
    this.priority = priority;
    this.clientId = clientId;
    this.context = scheduler.fences().alloc(2);
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
    scheduler.leave(this);
    Fence previous = lastScheduled;
    for (SchedJob job = jobs.pollFirst(); job != null; job = jobs.pollFirst()) {
      job.rewindDependencies();
      scheduler.finishUnrunAfter(previous, job);
      previous = job.finished();
    }
  }

  /** Returns whether the entity was killed. */
  public boolean isStopped() {
    return stopped;
  }

  SchedPriority priority() {
    return priority;
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

  FinishedFence nextFence() {
    lastSeqno++;
    String timeline = scheduler.name();
    Fence scheduled = new Fence(scheduler.fences(), "drm_sched", timeline, context, lastSeqno);
    return new FinishedFence(
        scheduler.fences(), scheduler, scheduled, timeline, context + 1, lastSeqno);
  }

  void push(SchedJob job) {
    if (stopped) {
      // the kernel prints and forgets it; nobody may wait for it for ever
      scheduler.finishUnrunAfter(lastScheduled, job);
      return;
    }
    scheduler.tracePush(this, job);
    boolean first = jobs.isEmpty();
    jobs.addLast(job);
    job.pushedStamp = scheduler.nextStamp();
    if (first) {
      scheduler.join(this);
    }
    scheduler.wake();
  }

  /** Takes out the first job; null if it has to wait for something yet. */
  @Nullable SchedJob pop() {
    SchedJob job = jobs.getFirst();
    for (Fence next = job.nextDependency(); next != null; next = job.nextDependency()) {
      if (mustWaitFor(job, next)) {
        return null;
      }
    }
    scheduler.leave(this);
    jobs.removeFirst();
    lastScheduled = job.finished();
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
                && other.error() == null
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
