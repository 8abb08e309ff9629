package org.smmulator.drm.sched;

import static com.google.common.base.Preconditions.checkState;
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
  private final int credits;
  private final List<Fence> dependencies = new ArrayList<>(2);
  private int nextDependency;
  private @Nullable FinishedFence finished;

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

  int credits() {
    return credits;
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
    return nextDependency == dependencies.size() ? null : dependencies.get(nextDependency++);
  }

  /** Waits for every dependency, the first ones again; for a job that will not run. */
  void rewindDependencies() {
    nextDependency = 0;
  }
}
