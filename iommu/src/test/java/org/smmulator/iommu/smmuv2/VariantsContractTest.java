package org.smmulator.iommu.smmuv2;

import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.LONG;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.LONG_AND_SHORT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.NONE;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.EXTENDED_IDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.WIDE_VMIDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_64K;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Version.V1;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Version.V1_64K;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Version.V2;

import org.junit.jupiter.api.Nested;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * arm-smmu on what one SMMU of the architecture has and another has not: AArch32's tables, long
 * stream ids, long VMIDs; and on an SMMUv1.
 */
class VariantsContractTest {
  /** Banks read AArch32's tables only, so that a kernel of 64 bits makes those. */
  @Nested
  class WithLongDescriptors extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, 0, new Options(V2, LONG))))
          .probe();
    }
  }

  @Nested
  class WithLongDescriptorsInStage2 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_2, 0, new Options(V2, LONG))))
          .probe();
    }
  }

  /** Banks read everything; a kernel of 32 bits without LPAE makes what its CPUs have. */
  @Nested
  class WithShortDescriptors extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      Options options = new Options(V2, LONG_AND_SHORT);
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K, options))
                  .builtFor(new KernelBuild.Arm()))
          .probe();
    }
  }

  /** The second device's stream id does not fit into 15 bits. */
  @Nested
  class WithExtendedStreamIds extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      Options options = new Options(V2, NONE, EXTENDED_IDS);
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K, options))
                  .withStreams(1, 0x8001))
          .probe();
    }
  }

  @Nested
  class WithWideVmids extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      Options options = new Options(V2, NONE, WIDE_VMIDS);
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_2, GRANULE_4K, options)))
          .probe();
    }
  }

  @Nested
  class WithWideVmidsInStage1 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      Options options = new Options(V2, NONE, WIDE_VMIDS);
      return new PlainSmmu(
              PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K, options)))
          .probe();
    }
  }

  /** An MMU-400: stage 2 only, and one interrupt for all banks. */
  @Nested
  class InAnMmu400 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(v1("arm,mmu-400", V1, 0, PlainSmmu.STAGE_2)).probe();
    }
  }

  /** An MMU-401: the same with AArch64 tables of 64 KiB. */
  @Nested
  class InAnMmu401 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(v1("arm,mmu-401", V1_64K, GRANULE_4K | GRANULE_64K, PlainSmmu.STAGE_2))
          .probe();
    }
  }

  @Nested
  class InAnSmmuV1OfStage1 extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(v1("arm,smmu-v1", V1, 0, PlainSmmu.STAGE_1)).probe();
    }
  }

  /** With short descriptors the ASID is in CONTEXTIDR. */
  @Nested
  class InAnSmmuV1OfShortDescriptors extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(
              v1("arm,smmu-v1", V1, 0, PlainSmmu.STAGE_1).builtFor(new KernelBuild.Arm()))
          .probe();
    }
  }

  @Nested
  class WithRegisterPagesOf64K extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      SmmuV2Config hardware =
          new SmmuV2Config(
              new SmmuV2Config.Streams(8, 10),
              new SmmuV2Config.Banks(4, 0, new SmmuPages(16, 4)),
              PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
              PlainSmmu.STAGE_1,
              PlainSmmu.SLOW_INVALIDATION);
      return new PlainSmmu(PlainSmmu.Setup.of(hardware)).probe();
    }
  }

  /** The SMMU's node lists the masters, not theirs the SMMU. */
  @Nested
  class UnderTheDeprecatedBinding extends IommuDriverContract {
    @Override
    protected IommuHarness boot() throws Exception {
      return new PlainSmmu(ArmSmmuDtBindingTest.listing()).probe();
    }
  }

  static PlainSmmu.Setup v1(
      String compatible, SmmuV2Config.Version version, int granules, SmmuV2Config.Stages stages) {
    SmmuV2Config hardware =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(4, 0, PlainSmmu.PAGES),
            PlainSmmu.stage1(40, granules, stages),
            stages,
            PlainSmmu.SLOW_INVALIDATION,
            new Options(version, LONG_AND_SHORT));
    return PlainSmmu.Setup.of(hardware)
        .describedAs("compatible = \"%s\"; #iommu-cells = <1>;".formatted(compatible))
        .withInterrupts(1);
  }
}
