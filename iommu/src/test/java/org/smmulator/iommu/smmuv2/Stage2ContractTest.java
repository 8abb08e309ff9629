package org.smmulator.iommu.smmuv2;

import org.junit.jupiter.api.Nested;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** arm-smmu on hardware that does stage 2 only, with each granule. */
class Stage2ContractTest {
  @Nested
  class With4K extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.STAGE_2, SmmuV2Config.Stage1.GRANULE_4K).probe();
    }
  }

  @Nested
  class With16K extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.STAGE_2, SmmuV2Config.Stage1.GRANULE_16K).probe();
    }
  }

  @Nested
  class With64K extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.STAGE_2, SmmuV2Config.Stage1.GRANULE_64K).probe();
    }
  }
}
