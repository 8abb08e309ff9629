package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Nested;

/** The promises of every page table, kept by LPAE: each stage, each granule. */
class LpaeContractTest {
  @Nested
  class Stage1With4KPages extends Stage1 {
    Stage1With4KPages() {
      super(48, 1L << 12 | 1L << 21 | 1L << 30);
    }
  }

  @Nested
  class Stage1With16KPages extends Stage1 {
    Stage1With16KPages() {
      super(42, 1L << 14 | 1L << 25);
    }
  }

  @Nested
  class Stage1With64KPages extends Stage1 {
    Stage1With64KPages() {
      super(36, 1L << 16 | 1L << 29);
    }
  }

  @Nested
  class Stage1Of32Bits extends Lpae {
    Stage1Of32Bits() {
      super(IoPgtableFormat.ARM_32_LPAE_S1, 32, 40, 1L << 12 | 1L << 21 | 1L << 30);
    }
  }

  @Nested
  class Stage2ConcatenatedWith4KPages extends Lpae {
    Stage2ConcatenatedWith4KPages() {
      super(IoPgtableFormat.ARM_64_LPAE_S2, 40, 40, 1L << 12 | 1L << 21 | 1L << 30);
    }
  }

  @Nested
  class Stage2With64KPages extends Lpae {
    Stage2With64KPages() {
      super(IoPgtableFormat.ARM_64_LPAE_S2, 48, 48, 1L << 16 | 1L << 29);
    }
  }

  abstract static class Stage1 extends Lpae {
    Stage1(int ias, long pgsizeBitmap) {
      super(IoPgtableFormat.ARM_64_LPAE_S1, ias, 48, pgsizeBitmap);
    }
  }

  abstract static class Lpae extends IoPgtableContract {
    private final IoPgtableFormat format;
    private final IoPgtableConfig config;

    Lpae(IoPgtableFormat format, int ias, int oas, long pgsizeBitmap) {
      this.format = format;
      this.config =
          new IoPgtableConfig(ImmutableSet.of(Quirk.NO_WARN), pgsizeBitmap, ias, oas, true);
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
  }
}
