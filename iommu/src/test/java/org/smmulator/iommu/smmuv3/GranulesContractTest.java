package org.smmulator.iommu.smmuv3;

import org.junit.jupiter.api.Nested;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/**
 * Tables of a granule other than 4 KiB, invalidated by range: an invalidation that names another
 * granule leaves the translations of this one.
 */
class GranulesContractTest {
  @Nested
  class StageOneOf16Kib extends OnOneGranule {
    StageOneOf16Kib() {
      super(SmmuV3Config.GRANULE_16K, Feature.STAGE_2);
    }
  }

  @Nested
  class StageOneOf64Kib extends OnOneGranule {
    StageOneOf64Kib() {
      super(SmmuV3Config.GRANULE_64K, Feature.STAGE_2);
    }
  }

  @Nested
  class StageTwoOf64Kib extends OnOneGranule {
    StageTwoOf64Kib() {
      super(SmmuV3Config.GRANULE_64K, Feature.STAGE_1);
    }
  }

  abstract static class OnOneGranule extends IommuDriverContract {
    private final SmmuV3Config config;

    OnOneGranule(int granule, Feature absent) {
      config = V3Machine.silicon().granules(granule).without(absent).build();
    }

    @Override
    protected IommuHarness boot() throws Exception {
      return V3Harness.booted(config);
    }

    /** As the kernel's driver: there is the log, and there are page requests. */
    @Override
    protected boolean tellsFaultHandlers() {
      return false;
    }
  }
}
