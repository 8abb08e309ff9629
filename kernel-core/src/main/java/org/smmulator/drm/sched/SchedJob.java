package org.smmulator.drm.sched;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A piece of work for a ring. Kernel: {@code struct drm_sched_job}.
 *
 * <p>Its life: made, given dependencies, armed (from here on it will run, and has its fences),
 * pushed, run, freed.
 */
public abstract class SchedJob {
  private final SchedEntity entity;
  private int credits;
  private final List<Fence> dependencies = new ArrayList<>(2);
  private int nextDependency;
  private @Nullable FinishedFence finished;
  private int karma;

  /** Told by the hardware's fence: one object, so that it can be taken back. */
  private final Runnable hardwareCallback = this::hardwareSignaled;

  /** When it was pushed: what the run queues order by. */
  long pushedStamp;

  /**
   * Makes a job that is not armed. Kernel: {@code drm_sched_job_init()}.
   *
   * @param credits how much of the ring's room it takes
   * @throws ErrnoException ENOENT if the entity is killed; EINVAL if it takes no credits
   */
  protected SchedJob(SchedEntity entity, int credits) throws ErrnoException {
    if (entity.isStopped()) {
      throw ENOENT.because("the entity has no run queue");
    }
    if (credits <= 0) {
      throw EINVAL.because("a job of %d credits", credits);
    }
    this.entity = entity;
    this.credits = credits;
  }

  /**
   * Gives the job to the hardware. Called by the scheduler's worker; it may block.
   *
   * @return what signals when the hardware has done it; null if that is so already
   * @throws ErrnoException if the job cannot run: the error of its finished fence
   */
  protected abstract @Nullable Fence run() throws ErrnoException;

  /** Gives back what the job holds; it has finished. Called by the scheduler's worker. */
  protected abstract void free();

  /**
   * One thing more to wait for, asked for after the dependencies have signalled and until there is
   * none. Called by the scheduler's worker. Kernel: {@code drm_sched_backend_ops.prepare_job}.
   *
   * @return null if the job can run
   */
  protected @Nullable Fence prepare() {
    return null;
  }

  /**
   * Says what to do about the job, which is the oldest and takes too long. Called by the timeout's
   * worker; it may block, and stop and start the scheduler. Kernel: {@code
   * drm_sched_backend_ops.timedout_job}.
   */
  protected SchedStat timedOut() {
    return SchedStat.RESET;
  }

  /**
   * Has the hardware's fence signal, with ECANCELED unless it has: the scheduler goes away, and the
   * job will be freed. Kernel: {@code drm_sched_backend_ops.cancel_job}.
   *
   * @return false if the driver cannot, and the job stays
   */
  protected boolean cancel() {
    return false;
  }

  /**
   * Has the job wait for {@code fence}. One fence for each timeline is enough, the latest. Kernel:
   * {@code drm_sched_job_add_dependency()}.
   */
  public final void addDependency(Fence fence) {
    for (int i = 0; i < dependencies.size(); i++) {
      Fence known = dependencies.get(i);
      if (known.context() == fence.context()) {
        if (fence.isLaterThan(known)) {
          dependencies.set(i, fence);
        }
        return;
      }
    }
    dependencies.add(fence);
  }

  /** Gives the job its fences. There is no way back: it must be pushed. */
  public final void arm() {
    checkState(finished == null, "armed twice");
    entity.selectScheduler();
    finished = entity.nextFence();
  }

  /** Queues the job behind its entity's others. Kernel: {@code drm_sched_entity_push_job()}. */
  public final void push() {
    entity.push(this);
  }

  /** Signals when the job has run, or will never run, which is then its error. */
  public final Fence finished() {
    return armed();
  }

  /** Signals when the hardware gets the job. */
  public final Fence scheduled() {
    return armed().scheduled();
  }

  public final SchedEntity entity() {
    return entity;
  }

  Runnable hardwareCallback() {
    return hardwareCallback;
  }

  private void hardwareSignaled() {
    armed().scheduler().done(this, requireNonNull(armed().parent()).error());
  }

  int credits() {
    return credits;
  }

  void truncateCredits(int limit) {
    credits = limit;
  }

  /** How often it hung. */
  int karma() {
    return karma;
  }

  void addKarma() {
    karma++;
  }

  /**
   * Returns whether {@code fence} is one that the job depends on. Kernel: {@code
   * drm_sched_job_has_dependency()}.
   */
  public final boolean hasDependency(Fence fence) {
    return dependencies.contains(fence);
  }

  FinishedFence armed() {
    checkState(finished != null, "the job is not armed");
    return finished;
  }

  /** The fences that the job depends on, those that have signalled included. */
  List<Fence> dependencies() {
    return dependencies;
  }

  /** The next fence to wait for; null if there is none left. */
  @Nullable Fence nextDependency() {
    return nextDependency == dependencies.size() ? prepare() : dependencies.get(nextDependency++);
  }

  /** Waits for every dependency, the first ones again; for a job that will not run. */
  void rewindDependencies() {
    nextDependency = 0;
  }

  /**
   * The next fence to wait for before a job that will not run ends: of a job of a scheduler its
   * end. Kernel: {@code drm_sched_entity_kill_jobs_work()}.
   */
  @Nullable Fence nextEnd() {
    if (nextDependency == dependencies.size()) {
      return null;
    }
    Fence next = dependencies.get(nextDependency++);
    return next instanceof ScheduledFence scheduled ? scheduled.finished() : next;
  }
}
