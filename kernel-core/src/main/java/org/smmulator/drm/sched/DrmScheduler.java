package org.smmulator.drm.sched;

import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * Feeds one ring with the jobs of many entities. Kernel: {@code struct drm_gpu_scheduler}.
 *
 * <p>The first priority that has a ready entity wins, and in it the entity whose first job waits
 * longest. If that job does not fit into what room is left, nothing else runs either.
 */
// Left out: round robin, load balancing between rings, and the timeout: msm, the one user, sets it
// to infinity and watches its hardware itself.
public final class DrmScheduler {
  private static final Comparator<SchedEntity> LONGEST_WAITING_FIRST =
      Comparator.comparingLong(SchedEntity::oldestStamp);

  private final String name;
  private final String deviceName;
  private final int creditLimit;
  private final FenceContexts fences;
  private final EnumMap<SchedPriority, TreeSet<SchedEntity>> runQueues =
      new EnumMap<>(SchedPriority.class);
  private final ArrayDeque<SchedJob> killedJobs = new ArrayDeque<>();
  private final ArrayDeque<SchedJob> finishedJobs = new ArrayDeque<>();
  private final Work runWork;
  private final Work killWork;
  private final Work freeWork;
  private final Tracepoint<SchedTrace.JobQueue> queueTrace;
  private final Tracepoint<SchedTrace.JobRun> runTrace;
  private final Tracepoint<SchedTrace.JobDone> doneTrace;
  private final Tracepoint<SchedTrace.JobAddDep> addDepTrace;
  private final Tracepoint<SchedTrace.JobUnschedulable> unschedulableTrace;
  private int creditsInUse;
  private long stamps;

  /**
   * Makes a scheduler without entities.
   *
   * @param name the ring's
   * @param creditLimit how much the hardware is given at once
   */
  public DrmScheduler(
      String name,
      String deviceName,
      int creditLimit,
      FenceContexts fences,
      Scheduler scheduler,
      Tracer tracer) {
    this.name = name;
    this.deviceName = deviceName;
    this.creditLimit = creditLimit;
    this.fences = fences;
    for (SchedPriority priority : SchedPriority.values()) {
      runQueues.put(priority, new TreeSet<>(LONGEST_WAITING_FIRST));
    }
    Workqueue worker = new Workqueue(scheduler, name);
    this.runWork = worker.work(this::runJobs);
    this.killWork = worker.work(this::finishKilledJobs);
    this.freeWork = worker.work(this::freeJobs);
    this.queueTrace = tracer.tracepoint(SchedTrace.JobQueue.class);
    this.runTrace = tracer.tracepoint(SchedTrace.JobRun.class);
    this.doneTrace = tracer.tracepoint(SchedTrace.JobDone.class);
    this.addDepTrace = tracer.tracepoint(SchedTrace.JobAddDep.class);
    this.unschedulableTrace = tracer.tracepoint(SchedTrace.JobUnschedulable.class);
  }

  public String name() {
    return name;
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
    return requireNonNull(runQueues.get(entity.priority()));
  }

  /** Traces a job that is about to be pushed, and what it waits for. */
  void tracePush(SchedEntity entity, SchedJob job) {
    if (queueTrace.on) {
      queueTrace.emit(
          new SchedTrace.JobQueue(
              deviceName,
              job.armed().context(),
              job.armed().seqno(),
              name,
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

  void wake() {
    runWork.queue();
  }

  private void runJobs() {
    for (SchedEntity next = select(); next != null; next = select()) {
      SchedJob job = next.pop();
      if (job != null) {
        run(job);
      }
    }
  }

  /** The entity whose turn it is; null if none is ready, or the first one's job does not fit. */
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

  private boolean fits(SchedJob job) {
    // A job that is larger than the ring runs alone.
    return creditsInUse + Math.min(job.credits(), creditLimit) <= creditLimit;
  }

  private void run(SchedJob job) {
    int credits = Math.min(job.credits(), creditLimit);
    creditsInUse += credits;
    if (runTrace.on) {
      runTrace.emit(
          new SchedTrace.JobRun(
              deviceName,
              job.armed().context(),
              job.armed().seqno(),
              name,
              job.entity().jobCount(),
              creditsInUse,
              job.entity().clientId()));
    }
    Fence hardware = null;
    try {
      hardware = job.run();
    } catch (ErrnoException e) {
      job.finished().setError(e.errno());
    }
    if (hardware != null) {
      job.armed().setParent(hardware);
    }
    job.scheduled().signal();
    Fence running = hardware;
    Runnable done = () -> done(job, credits, running);
    if (running == null || !running.addCallback(done)) {
      done.run();
    }
  }

  /** The hardware is through with {@code job}. May be a hard interrupt. */
  private void done(SchedJob job, int credits, @Nullable Fence hardware) {
    creditsInUse -= credits;
    if (doneTrace.on) {
      doneTrace.emit(new SchedTrace.JobDone(job.armed().context(), job.armed().seqno()));
    }
    if (hardware != null && hardware.error() != null) {
      job.finished().setError(hardware.error());
    }
    job.finished().signal();
    freeLater(job);
    wake();
  }

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
      Fence next = job.nextDependency();
      while (next != null && !next.addCallback(() -> finishUnrunLater(dead))) {
        next = job.nextDependency();
      }
      if (next == null) {
        finishUnrun(job);
      }
    }
  }

  private void finishUnrun(SchedJob job) {
    job.scheduled().signal();
    job.finished().setError(ESRCH);
    job.finished().signal();
    freeLater(job);
  }

  private void freeLater(SchedJob job) {
    finishedJobs.addLast(job);
    freeWork.queue();
  }

  private void freeJobs() {
    for (SchedJob job = finishedJobs.pollFirst(); job != null; job = finishedJobs.pollFirst()) {
      job.free();
    }
  }
}
