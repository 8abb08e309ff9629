package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_32_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_32_LPAE_S2;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S1;
import static org.smmulator.iommu.pgtable.IoPgtableFormat.ARM_64_LPAE_S2;
import static org.smmulator.iommu.prot.IommuProt.CACHE;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The promises of every page table, kept by LPAE: each stage, each granule, each quirk. */
class LpaeContractTest {
  private static final long SIZES_4K = 1L << 12 | 1L << 21 | 1L << 30;
  private static final long SIZES_16K = 1L << 14 | 1L << 25;
  private static final long SIZES_64K = 1L << 16 | 1L << 29;

  @Nested
  class Stage1With4KPages extends Lpae {
    Stage1With4KPages() {
      super(ARM_64_LPAE_S1, configOf(48, 48, SIZES_4K));
    }
  }

  @Nested
  class Stage1With16KPages extends Lpae {
    Stage1With16KPages() {
      super(ARM_64_LPAE_S1, configOf(42, 48, SIZES_16K));
    }
  }

  @Nested
  class Stage1With64KPages extends Lpae {
    Stage1With64KPages() {
      super(ARM_64_LPAE_S1, configOf(36, 48, SIZES_64K));
    }
  }

  @Nested
  class Stage1Of32Bits extends Lpae {
    Stage1Of32Bits() {
      super(ARM_32_LPAE_S1, configOf(32, 40, SIZES_4K));
    }
  }

  /** All addresses have their upper bits set. */
  @Nested
  class ForTtbr1 extends Lpae {
    ForTtbr1() {
      super(ARM_64_LPAE_S1, configOf(39, 48, SIZES_4K, Quirk.ARM_TTBR1));
    }

    @Override
    long iova() {
      return 0xffff_ff80_4000_0000L;
    }
  }

  @Nested
  class NonSecure extends Lpae {
    NonSecure() {
      super(ARM_64_LPAE_S1, configOf(48, 48, SIZES_4K, Quirk.ARM_NS));
    }

    @Override
    long leafBits() {
      return STAGE_1 | 1L << 5;
    }

    @Override
    long tableBits() {
      return 1L << 63;
    }
  }

  @Nested
  class WithDirtyBits extends Lpae {
    WithDirtyBits() {
      super(ARM_64_LPAE_S1, configOf(48, 48, SIZES_4K, Quirk.ARM_HD));
    }

    @Override
    long leafBits() {
      return STAGE_1 | 1L << 51;
    }
  }

  /** Software marks the tables that such a walker can see. */
  @Nested
  class ForAWalkerThatIsNotCoherent extends Lpae {
    ForAWalkerThatIsNotCoherent() {
      super(
          ARM_64_LPAE_S1,
          new IoPgtableConfig(ImmutableSet.of(Quirk.NO_WARN), SIZES_64K, 48, 48, false));
    }

    @Override
    long tableBits() {
      return 1L << 55;
    }
  }

  @Nested
  class Stage2ConcatenatedWith4KPages extends Stage2 {
    Stage2ConcatenatedWith4KPages() {
      super(ARM_64_LPAE_S2, configOf(40, 40, SIZES_4K));
    }
  }

  /** Sixteen tables side by side. */
  @Nested
  class Stage2ConcatenatedWith16KPages extends Stage2 {
    Stage2ConcatenatedWith16KPages() {
      super(ARM_64_LPAE_S2, configOf(40, 40, SIZES_16K));
    }
  }

  @Nested
  class Stage2With64KPages extends Stage2 {
    Stage2With64KPages() {
      super(ARM_64_LPAE_S2, configOf(48, 48, SIZES_64K));
    }
  }

  @Nested
  class Stage2Of32Bits extends Stage2 {
    Stage2Of32Bits() {
      super(ARM_32_LPAE_S2, configOf(40, 40, SIZES_4K));
    }
  }

  @Nested
  class Stage2WithForcedWriteBack extends Stage2 {
    Stage2WithForcedWriteBack() {
      super(ARM_64_LPAE_S2, configOf(40, 40, SIZES_4K, Quirk.ARM_S2FWB));
    }

    @Override
    long leafBits() {
      return (STAGE_2 & ~(0xf << 2)) | 0x6 << 2;
    }
  }

  private static IoPgtableConfig configOf(int ias, int oas, long sizes, Quirk... quirks) {
    return new IoPgtableConfig(Sets.immutableEnumSet(Quirk.NO_WARN, quirks), sizes, ias, oas, true);
  }

  abstract static class Stage2 extends Lpae {
    Stage2(IoPgtableFormat format, IoPgtableConfig config) {
      super(format, config);
    }

    @Override
    long leafBits() {
      return STAGE_2;
    }
  }

  abstract static class Lpae extends IoPgtableContract {
    /** Arm ARM D8.3: nG, AF, inner shareable, AP[1], AttrIndx 1. */
    static final long STAGE_1 = 1 << 11 | 1 << 10 | 3 << 8 | 1 << 6 | 1 << 2;

    /** The same of stage 2: AF, inner shareable, S2AP read and write, MemAttr write-back. */
    static final long STAGE_2 = 1 << 10 | 3 << 8 | 3 << 6 | 0xf << 2;

    private static final long PA = 0x8000_0000L;

    private final IoPgtableFormat format;
    private final IoPgtableConfig config;

    Lpae(IoPgtableFormat format, IoPgtableConfig config) {
      this.format = format;
      this.config = config;
    }

    /** A leaf that may be read and written through the caches, but for type and address. */
    long leafBits() {
      return STAGE_1;
    }

    /** What stands above and below the address in a pointer to a table, but for the type. */
    long tableBits() {
      return 0;
    }

    @Override
    IoPgtableFormat format() {
      return format;
    }

    @Override
    IoPgtableConfig config() {
      return config;
    }

    /** A last-level table spans what a block one level up does: the second of the sizes. */
    @Override
    long blockBytes() {
      long page = Long.lowestOneBit(config.pgsizeBitmap());
      return Long.lowestOneBit(config.pgsizeBitmap() & ~page);
    }

    @Test
    void everySizeOfLeafAndEveryTableAboveItHasTheBitsOfTheArchitecture() {
      long page = Long.lowestOneBit(config.pgsizeBitmap());
      for (long rest = config.pgsizeBitmap(); rest != 0; rest &= rest - 1) {
        long size = Long.lowestOneBit(rest);
        IoPgtable table = table();
        assertThat(table.mapPages(iova(), PA, size, 1, RW | CACHE)).isEqualTo(size);

        var steps = table.explain(iova()).steps();

        assertWithMessage("a leaf of 0x%s", Long.toHexString(size))
            .that(Long.toHexString(steps.getLast().bits()))
            .isEqualTo(Long.toHexString(PA | leafBits() | (size == page ? 0b11 : 0b01)));
        for (var step : steps.subList(0, steps.size() - 1)) {
          assertWithMessage("a table above a leaf of 0x%s", Long.toHexString(size))
              .that(Long.toHexString(step.bits() & 0xffff_0000_0000_0fffL))
              .isEqualTo(Long.toHexString(tableBits() | 0b11));
        }
      }
    }
  }
}
