package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The DMA API over IOMMUs, as far as the core has to know it. Kernel: the calls from {@code
 * iommu.c} into {@code dma-iommu.c}.
 */
public interface DmaLayer {
  /**
   * Makes {@code domain}, which is of a DMA type, one that the DMA API hands out addresses of.
   * Kernel: {@code iommu_get_dma_cookie()}.
   *
   * @throws ErrnoException EEXIST if the domain has a cookie; ENOMEM
   */
  void adopt(IommuDomain.Paging domain) throws ErrnoException;

  /**
   * Makes {@code domain}, a driver's own, one whose addresses in a window the DMA API hands out,
   * wherever a lookup finds it. Kernel: {@code iommu_get_dma_cookie()} and, until 2021, {@code
   * iommu_dma_init_domain()} with a start and a size.
   *
   * @throws ErrnoException EEXIST if the domain has a cookie; EINVAL if there is no such layer;
   *     ENOMEM
   */
  default void adopt(IommuDomain.Paging domain, long startIova, long sizeBytes)
      throws ErrnoException {
    throw EINVAL.because("nobody hands out addresses of the domain");
  }

  /** Ends {@link #adopt}; nothing is mapped any more. Kernel: {@code iommu_put_dma_cookie()}. */
  void release(IommuDomain.Paging domain);

  /**
   * Has unmaps in {@code domain}, which was adopted and is strict, put invalidation off from now
   * on. Kernel: {@code iommu_dma_init_fq()}.
   *
   * @throws ErrnoException EINVAL if the domain was not adopted or has no iovas yet
   */
  default void makeLazy(IommuDomain.Paging domain) throws ErrnoException {
    throw EINVAL.because("nobody hands out addresses of the domain");
  }

  /**
   * Has the DMA API of {@code device} use its IOMMU if {@code domain} is of a DMA type, and memory
   * directly if not. Kernel: {@code iommu_setup_dma_ops()}.
   */
  void setUp(Device device, IommuDomain domain);

  /** The device leaves, or its domain does. */
  void tearDown(Device device);

  /** A kernel without {@code CONFIG_IOMMU_DMA}: the DMA API is direct for everyone. */
  record None() implements DmaLayer {
    @Override
    public void adopt(IommuDomain.Paging domain) {}

    @Override
    public void release(IommuDomain.Paging domain) {}

    @Override
    public void setUp(Device device, IommuDomain domain) {}

    @Override
    public void tearDown(Device device) {}
  }
}
