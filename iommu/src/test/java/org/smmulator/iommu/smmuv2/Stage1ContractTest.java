package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** arm-smmu on hardware that does stage 1. */
class Stage1ContractTest extends IommuDriverContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return new PlainSmmu(PlainSmmu.STAGE_1, SmmuV2Config.Stage1.GRANULE_4K).probe();
  }
}
