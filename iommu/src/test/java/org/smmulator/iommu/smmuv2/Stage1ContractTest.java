package org.smmulator.iommu.smmuv2;

import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;

import com.google.common.primitives.ImmutableIntArray;
import org.junit.jupiter.api.Nested;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** arm-smmu on hardware that does stage 1: of each width, with each way to find a stream's bank. */
class Stage1ContractTest {
  private static final SmmuV2Config.Stages BOTH =
      new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 40);

  @Nested
  class OnABusOf49Bits extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.STAGE_1, GRANULE_4K).probe();
    }
  }

  /** A refill between an invalidation and its sync stays. */
  @Nested
  class WithInvalidationsAtOnce extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(PlainSmmu.invalidating(PlainSmmu.STAGE_1, 0)))
          .probe();
    }
  }

  /** One sync ends all the invalidations of a table. */
  @Nested
  class WithInvalidationsThatTakeLong extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(PlainSmmu.invalidating(PlainSmmu.STAGE_1, 200_000)))
          .probe();
    }
  }

  /** At the top of what the driver offers: where a sign would be, if there were one. */
  @Nested
  class OnABusOf32Bits extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(ofWidth(32))).probe();
    }

    @Override
    protected long firstIova() {
      return 0xf000_0000L;
    }
  }

  @Nested
  class OnABusOf40Bits extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(ofWidth(40))).probe();
    }

    @Override
    protected long firstIova() {
      return 0xff_f000_0000L;
    }
  }

  /** Banks 0 and 1 do stage 2 only, so domains begin at bank 2. */
  @Nested
  class BesideBanksOfStage2 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      SmmuV2Config hardware =
          new SmmuV2Config(
              new SmmuV2Config.Streams(8, 10),
              new SmmuV2Config.Banks(6, 2, PlainSmmu.PAGES),
              PlainSmmu.stage1(49, GRANULE_4K, BOTH),
              BOTH,
              PlainSmmu.SLOW_INVALIDATION);
      return new PlainSmmu(PlainSmmu.Setup.of(hardware)).probe();
    }
  }

  /** The first device has a second stream, for which there may be no entry. */
  @Nested
  class WithTwoStreamsOfADevice extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K))
                  .withDevices(
                      "one@1 { iommus = <&smmu 1>, <&smmu 3>; };"
                          + " other@2 { iommus = <&smmu 2>; };"))
          .probe();
    }
  }

  /** Without SMRs a stream id is the index of an S2CR. */
  @Nested
  class WithStreamIndexing extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(PlainSmmu.Setup.of(with(new SmmuV2Config.Streams(0, 3)))).probe();
    }
  }

  /** Qualcomm's, under firmware that does not let S2CRs say what is to pass and what to fault. */
  @Nested
  class UnderQualcommsFirmware extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      SmmuV2Config.Streams guarded = new SmmuV2Config.Streams(8, 10, ImmutableIntArray.of(), true);
      return new PlainSmmu(
              PlainSmmu.Setup.of(with(guarded))
                  .describedAs(
                      "compatible = \"qcom,sdm845-smmu-v2\", \"qcom,smmu-v2\";"
                          + " #iommu-cells = <1>;"))
          .probe();
    }
  }

  @Nested
  class InAnMmu500 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(
              PlainSmmu.Setup.of(Mmu500Test.hardware())
                  .describedAs("compatible = \"arm,mmu-500\"; #iommu-cells = <1>;"))
          .probe();
    }
  }

  private static SmmuV2Config ofWidth(int upstreamBits) {
    return new SmmuV2Config(
        new SmmuV2Config.Streams(8, 10),
        new SmmuV2Config.Banks(4, 0, PlainSmmu.PAGES),
        PlainSmmu.stage1(upstreamBits, GRANULE_4K, PlainSmmu.STAGE_1),
        PlainSmmu.STAGE_1,
        PlainSmmu.SLOW_INVALIDATION);
  }

  /** Five banks, of which firmware may cost one. */
  private static SmmuV2Config with(SmmuV2Config.Streams streams) {
    return new SmmuV2Config(
        streams,
        new SmmuV2Config.Banks(5, 0, PlainSmmu.PAGES),
        PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
        PlainSmmu.STAGE_1,
        PlainSmmu.SLOW_INVALIDATION);
  }
}
