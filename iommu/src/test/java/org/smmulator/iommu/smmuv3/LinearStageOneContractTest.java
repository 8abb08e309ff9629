package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** Stage 1, tables in one level, invalidation by granule. */
class LinearStageOneContractTest extends IommuDriverContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return V3Harness.booted(V3Machine.config(true, false, false));
  }

  /** As the kernel's driver: there is the log, and there are page requests. */
  @Override
  protected boolean tellsFaultHandlers() {
    return false;
  }
}
