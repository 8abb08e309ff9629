package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.contract.CachingDeviceContract;
import org.smmulator.iommu.contract.IommuHarness;

/** Stage 2, devices that keep translations; invalidation page by page. */
class AtsStageTwoContractTest extends CachingDeviceContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return V3Harness.withCaches(V3Machine.config(false, false, false));
  }

  /** As the kernel's driver: there is the log, and there are page requests. */
  @Override
  protected boolean tellsFaultHandlers() {
    return false;
  }
}
