package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The private door between an Adreno's driver and the driver of its SMMU. Kernel: {@code struct
 * adreno_smmu_priv}.
 *
 * <p>The SMMU's driver hangs it on the GPU's device when the GPU's own domain is attached: {@code
 * device.find(AdrenoSmmuPriv.class)}. Left out: {@code resume_translation}, which nobody fills in
 * any more.
 */
public interface AdrenoSmmuPriv {
  /** The SMMU itself. Kernel: {@code iommu_dev} of {@code struct msm_iommu}. */
  Device iommu();

  /** What the table in TTBR1 was made with, so that a table for TTBR0 can be made alike. */
  IoPgtableConfig getTtbr1Cfg();

  /**
   * Opens TTBR0 to walks with the geometry of {@code cfg}, or closes it again. Which table it holds
   * is then the GPU's business.
   *
   * @param cfg the first table's; null to close
   * @throws ErrnoException EINVAL if the domain is not split, if TTBR0 is open and to be opened, or
   *     closed and to be closed
   */
  void setTtbr0Cfg(PgtableRegisters.@Nullable Stage1 cfg) throws ErrnoException;

  /** Reads what the bank's registers say of a fault. */
  AdrenoSmmuFaultInfo getFaultInfo();

  /** Chooses whether a fault stalls the transaction or terminates it. */
  void setStall(boolean enabled);

  /** The GPU's partly resident regions; null if its SMMU has none. */
  @Nullable Prr prr();

  /** What partly resident regions take: a page that stands for all that is not resident. */
  interface Prr {
    /** Whether the GPU has such regions from now on. Kernel: {@code set_prr_bit()}. */
    void setBit(boolean enabled);

    /** Which page it is. Kernel: {@code set_prr_addr()}. */
    void setAddress(long pagePa);
  }
}
