package org.smmulator.iommu.smmuv2;

import org.junit.jupiter.api.Nested;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** arm-smmu on hardware that does stage 2 only, with each granule. */
class Stage2ContractTest {
  /** A refill between an invalidation and its sync stays. */
  @Nested
  class WithInvalidationsAtOnce extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(PlainSmmu.invalidating(PlainSmmu.STAGE_2, 0)))
          .probe();
    }
  }

  /** One sync ends all the invalidations of a table. */
  @Nested
  class WithInvalidationsThatTakeLong extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(PlainSmmu.invalidating(PlainSmmu.STAGE_2, 200_000)))
          .probe();
    }
  }

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
