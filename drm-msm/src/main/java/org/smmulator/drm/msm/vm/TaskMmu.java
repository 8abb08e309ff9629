package org.smmulator.drm.msm.vm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;

/**
 * A file's own pagetable, behind the token that the bind returned. Kernel: {@code struct
 * msm_iommu_pagetable}, which owns its table; here the IOMMU's side does.
 *
 * <p>A token belongs to a task, and an open file outlives the task that opened it: a child that
 * inherited the descriptor goes on. So the token of a dead task is handed to the next one that
 * maps.
 */
public final class TaskMmu implements MsmMmu {
  private static final int ASID_SHIFT = 48;

  private final IommuTask token;
  private final MsmVm kernelVm;
  private final Scheduler scheduler;

  /**
   * Maps through {@code token}.
   *
   * @param kernelVm the other half of what the GPU sees; invalidations go through its domain, so it
   *     stays as long as this does
   * @param scheduler knows who maps
   */
  public TaskMmu(IommuTask token, MsmVm kernelVm, Scheduler scheduler) {
    this.token = token;
    this.kernelVm = kernelVm.get();
    this.scheduler = scheduler;
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    Task user = scheduler.requireCurrent().task();
    try {
      if (user != null) {
        usedBy(user);
      }
      token.map(iova, pa, sizeBytes, prot);
    } catch (ErrnoException e) {
      throw e.errno() == ESRCH ? e : EINVAL.because("%s", e.reason());
    }
  }

  @Override
  public void unmap(long iova, long sizeBytes) {
    var _ = token.unmap(iova, sizeBytes);
  }

  /** {@inheritDoc} Where the table's format reserves nothing, maps take what memory there is. */
  @Override
  public IommuTask.Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    try {
      return token.preallocate(iova, sizeBytes);
    } catch (ErrnoException e) {
      if (e.errno() == EOPNOTSUPP) {
        return () -> {};
      }
      throw e;
    }
  }

  @Override
  public void usedBy(Task task) throws ErrnoException {
    if (token.task().isDead()) {
      token.handOver(task);
    }
  }

  @Override
  public long pagetableBase() {
    return token.pagetableBase();
  }

  @Override
  public long ttbr0() {
    return token.pagetableBase() | (long) token.asid() << ASID_SHIFT;
  }

  @Override
  public ImmutableList<Long> descriptors(long iova) {
    return token.descriptors(iova);
  }

  @Override
  public void destroy() {
    try {
      token.unbind();
    } catch (ErrnoException e) {
      throw new IllegalStateException("the file's token was unbound by somebody else", e);
    }
    kernelVm.put();
  }

  /** The token, for tools that inspect a machine. */
  public IommuTask token() {
    return token;
  }
}
