package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Nested;
import org.smmulator.kernel.errno.Errno;

/** The promises of every page table, kept by Samsung's, in both encodings. */
class ExynosContractTest {
  @Nested
  class OfVersions1To3 extends Exynos {
    OfVersions1To3() {
      super(IoPgtableFormat.EXYNOS, 32);
    }
  }

  @Nested
  class OfVersion5AndLater extends Exynos {
    OfVersion5AndLater() {
      super(IoPgtableFormat.EXYNOS_V5, 36);
    }
  }

  /** The differences are those of {@code exynos_iommu_map()} and {@code exynos_iommu_unmap()}. */
  abstract static class Exynos extends IoPgtableContract {
    private final IoPgtableFormat format;
    private final IoPgtableConfig config;

    Exynos(IoPgtableFormat format, int oas) {
      this.format = format;
      this.config =
          new IoPgtableConfig(ImmutableSet.of(), 1L << 12 | 1L << 16 | 1L << 20, 32, oas, false);
    }

    @Override
    IoPgtableFormat format() {
      return format;
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

    @Override
    Errno conflict() {
      return Errno.EADDRINUSE;
    }

    @Override
    boolean unmapsHoles() {
      return true;
    }

    @Override
    boolean tablesGoWithTheirLeaves() {
      return false;
    }

    @Override
    boolean needsRights() {
      return false;
    }

    /** A WARN_ON and a line in words, each time. */
    @Override
    ImmutableList<String> wordsOfTwoPartialUnmaps() {
      String warning = "0x1000 bytes are part of a leaf";
      String words = "Failed: size(0x1000) @ 0x40000000 is smaller than page size 0x100000";
      return ImmutableList.of(warning, words, warning, words);
    }
  }
}
