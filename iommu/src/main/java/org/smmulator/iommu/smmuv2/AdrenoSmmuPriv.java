package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The private interface between the driver of an Adreno and that of its SMMU. Kernel: {@code struct
 * adreno_smmu_priv}.
 *
 * <p>The SMMU's driver attaches it to the GPU's device with the GPU's own domain: {@code
 * device.find(AdrenoSmmuPriv.class)}. Left out: {@code resume_translation}, which no driver
 * implements in 7.1.5.
 */
public interface AdrenoSmmuPriv {
  /** The SMMU itself. Kernel: {@code iommu_dev} of {@code struct msm_iommu}. */
  Device iommu();

  /** The configuration of TTBR1's table, of which a table for TTBR0 is a variant. */
  IoPgtableConfig getTtbr1Cfg();

  /**
   * Enables walks of TTBR0 with the geometry of {@code cfg}, or disables them. The GPU then writes
   * TTBR0 itself.
   *
   * @param cfg the geometry of the first table; null to disable
   * @throws ErrnoException EINVAL if the domain has no TTBR1, or TTBR0 is enabled or disabled
   *     already
   */
  void setTtbr0Cfg(PgtableRegisters.@Nullable Stage1 cfg) throws ErrnoException;

  /** Reads what the bank's registers say of a fault. */
  AdrenoSmmuFaultInfo getFaultInfo();

  /** Chooses whether a fault stalls the transaction or terminates it. */
  void setStall(boolean enabled);

  /** The GPU's partly resident regions; null if its SMMU has none. */
  @Nullable Prr prr();

  /** The registers of partially resident regions: a page stands for all that is not resident. */
  interface Prr {
    /** Enables or disables such regions. Kernel: {@code set_prr_bit()}. */
    void setBit(boolean enabled);

    /** Sets the page. Kernel: {@code set_prr_addr()}. */
    void setAddress(long pagePa);
  }
}
