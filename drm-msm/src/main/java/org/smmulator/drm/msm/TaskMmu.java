package org.smmulator.drm.msm;

import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A file's own pagetable, behind the token that the bind returned. Kernel: {@code struct
 * msm_iommu_pagetable}, which owns its table; here the IOMMU's side does.
 */
public final class TaskMmu implements MsmMmu {
  private final IommuTask token;
  private final MsmVm kernelVm;

  /**
   * Maps through {@code token}.
   *
   * @param kernelVm the other half of what the GPU sees; invalidations go through its domain, so it
   *     stays as long as this does
   */
  public TaskMmu(IommuTask token, MsmVm kernelVm) {
    this.token = token;
    this.kernelVm = kernelVm.get();
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    token.map(iova, pa, sizeBytes, prot);
  }

  @Override
  public void unmap(long iova, long sizeBytes) {
    var _ = token.unmap(iova, sizeBytes);
  }

  @Override
  public long pagetableBase() {
    return token.pagetableBase();
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
