package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** An SMMU that has stage 2 only. */
class StageTwoContractTest extends IommuDriverContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return V3Harness.booted(V3Machine.config(false, true, true));
  }

  /** As the kernel's driver: there is the log, and there are page requests. */
  @Override
  protected boolean tellsFaultHandlers() {
    return false;
  }
}
