package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** Stage 1, stream table and context descriptors in two levels, invalidation by range. */
class StageOneContractTest extends IommuDriverContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return V3Harness.booted(V3Machine.config(true, true, true));
  }

  /** As the kernel's driver: there is the log, and there are page requests. */
  @Override
  protected boolean tellsFaultHandlers() {
    return false;
  }
}
