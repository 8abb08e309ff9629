package org.smmulator.iommu.pgtable;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

/**
 * Makes Samsung's tables, and owns what they share: the zero table.
 *
 * <p>Every megabyte without a mapping is linked to that one table of 256 holes. Sysmmu v3.3 keeps
 * first-level entries in a cache, and has a bug with those that say "nothing"; so there never is
 * one.
 *
 * <p>Kernel: {@code exynos_iommu_domain_alloc_paging()}, {@code zero_lv2_table}. There it stays
 * from boot on; here it comes with the first table and goes with the last, so that nothing is left
 * when all domains are gone.
 */
final class ExynosFormat {
  private static final long LEAVES = 1L << 12 | 1L << 16 | 1L << 20;
  private static final int IOVA_BITS = 32;
  private static final int ROOT_ORDER = 2;

  private final Dram dram;
  private final PageAllocator pages;
  private final PgtableWarnings warnings;
  private final PageOwner zeroOwner;
  private long zeroTablePa = PageAllocator.NONE;
  private int tables;

  ExynosFormat(Dram dram, PageAllocator pages, PgtableWarnings warnings) {
    this.dram = dram;
    this.pages = pages;
    this.warnings = warnings;
    this.zeroOwner = pages.owner("zero table of sysmmus", PageZone.KERNEL);
  }

  IoPgtable table(
      ExynosEncoding encoding, IoPgtableConfig wanted, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    if (wanted.ias() != IOVA_BITS || wanted.oas() > encoding.addressBits()) {
      throw ENOMEM.because("a sysmmu's table with %d bits in, %d out", wanted.ias(), wanted.oas());
    }
    if (!wanted.quirks().isEmpty()) {
      throw ENOMEM.because("a sysmmu's table has none of the quirks %s", wanted.quirks());
    }
    IoPgtableConfig config =
        wanted.restrictedTo(wanted.pgsizeBitmap() & LEAVES, wanted.ias(), wanted.oas());
    TwoLevelFrames frames =
        new TwoLevelFrames(dram, pages, owner, warnings, ROOT_ORDER, wanted.oas());
    int zeroLink = encoding.link(takeZeroTable());
    try {
      PgtableRegisters.Sysmmu root = new PgtableRegisters.Sysmmu(frames.allocRoot());
      return new ExynosPgtable(
          dram, frames, encoding, zeroLink, config, root, flushOps, warnings, this::tableIsGone);
    } catch (ErrnoException e) {
      tableIsGone();
      throw e;
    }
  }

  private long takeZeroTable() throws ErrnoException {
    if (tables == 0) {
      zeroTablePa = pages.alloc(0, zeroOwner);
    }
    tables++;
    return zeroTablePa;
  }

  private void tableIsGone() {
    checkState(tables > 0, "more tables went than came");
    if (--tables == 0) {
      pages.free(zeroTablePa, 0, zeroOwner);
    }
  }
}
