package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.junit.jupiter.api.Nested;

/** The promises of every page table, kept by ARMv7 short descriptors. */
class V7sContractTest {
  @Nested
  class Plain extends V7s {
    Plain() {
      super(ImmutableSet.of(), 32, 32, 1L << 12 | 1L << 16 | 1L << 20);
    }
  }

  @Nested
  class WithSupersectionsWithoutPermissions extends V7s {
    WithSupersectionsWithoutPermissions() {
      super(
          ImmutableSet.of(Quirk.NO_PERMS, Quirk.ARM_NS),
          32,
          32,
          1L << 12 | 1L << 16 | 1L << 20 | 1L << 24);
    }
  }

  @Nested
  class OfMediatek extends V7s {
    OfMediatek() {
      super(
          ImmutableSet.of(Quirk.NO_PERMS, Quirk.ARM_MTK_EXT, Quirk.ARM_MTK_TTBR_EXT),
          34,
          35,
          1L << 12 | 1L << 16 | 1L << 20 | 1L << 24);
    }
  }

  /** NO_WARN is not among this format's quirks. */
  abstract static class V7s extends IoPgtableContract {
    private final IoPgtableConfig config;

    V7s(ImmutableSet<Quirk> quirks, int ias, int oas, long pgsizeBitmap) {
      this.config =
          new IoPgtableConfig(Sets.immutableEnumSet(quirks), pgsizeBitmap, ias, oas, true);
    }

    @Override
    IoPgtableFormat format() {
      return IoPgtableFormat.ARM_V7S;
    }

    @Override
    IoPgtableConfig config() {
      return config;
    }

    /** A table of level 2 spans what a section does. */
    @Override
    long blockBytes() {
      return 1L << 20;
    }
  }
}
