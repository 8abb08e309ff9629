package org.smmulator.drm.msm.vm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The kernel's own pagetable of the GPU: a domain that the GPU is attached to. Kernel: {@code
 * msm_iommu_gpu_new()}.
 *
 * <p>Where the domain is the upper half of the address space (TTBR1), addresses are kept in 49 bits
 * and sign-extended here.
 */
public final class KernelMmu implements MsmMmu {
  private static final int SIGN_BIT = 48;

  private final Iommu iommu;
  private final IommuDomain.Paging domain;
  private final Device device;

  /**
   * Makes a domain and attaches the GPU to it.
   *
   * @throws ErrnoException what the IOMMU says; nothing is left behind then
   */
  public KernelMmu(Iommu iommu, Device device) throws ErrnoException {
    this.iommu = iommu;
    this.device = device;
    this.domain = iommu.allocPaging(device);
    try {
      iommu.attach(domain, device);
    } catch (ErrnoException e) {
      iommu.free(domain);
      throw e;
    }
  }

  public IommuDomain.Paging domain() {
    return domain;
  }

  /** Has the stopped GPU's IOMMU walk this table again: see {@link Iommu#takeBack}. */
  public void takeBack() {
    iommu.takeBack(domain);
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    try {
      iommu.map(domain, signExtended(iova), pa, sizeBytes, prot);
    } catch (ErrnoException e) {
      throw EINVAL.because("%s", e.reason());
    }
  }

  @Override
  public void unmap(long iova, long sizeBytes) {
    var _ = iommu.unmap(domain, signExtended(iova), sizeBytes);
  }

  private static long signExtended(long iova) {
    int unused = Long.SIZE - 1 - SIGN_BIT;
    return iova << unused >> unused;
  }

  /** Unknown and not needed: the GPU is never switched to it. */
  @Override
  public long pagetableBase() {
    throw new UnsupportedOperationException("the kernel's table is never switched to");
  }

  /** Unknown as well: what faults is a client's address. */
  @Override
  public ImmutableList<Long> descriptors(long iova) {
    return ImmutableList.of();
  }

  @Override
  public void destroy() {
    iommu.detach(domain, device);
    try {
      iommu.freeMaster(domain);
    } catch (ErrnoException e) {
      throw new IllegalStateException("a file's table outlives the kernel's", e);
    }
  }
}
