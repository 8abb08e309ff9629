package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.pgtable.PgtableRegisters.ShortDescriptor;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * Decides what a short-descriptor table can be, and the registers that tell hardware.
 *
 * <p>Kernel: {@code arm_v7s_alloc_pgtable()} in {@code drivers/iommu/io-pgtable-arm-v7s.c}.
 */
final class V7sFormat {
  private static final ImmutableSet<Quirk> QUIRKS =
      Sets.immutableEnumSet(
          Quirk.ARM_NS, Quirk.NO_PERMS, Quirk.ARM_MTK_EXT, Quirk.ARM_MTK_TTBR_EXT);
  private static final long LEAVES = 1L << 12 | 1L << 16 | 1L << 20 | 1L << 24;

  private final Dram dram;
  private final PageAllocator pages;
  private final PgtableWarnings warnings;

  V7sFormat(Dram dram, PageAllocator pages, PgtableWarnings warnings) {
    this.dram = dram;
    this.pages = pages;
    this.warnings = warnings;
  }

  IoPgtable table(IoPgtableConfig wanted, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    refuse(wanted);
    IoPgtableConfig config =
        wanted.restrictedTo(wanted.pgsizeBitmap() & LEAVES, wanted.ias(), wanted.oas());
    TwoLevelFrames frames =
        new TwoLevelFrames(
            dram, pages, owner, warnings, rootOrder(config), tableAddressBits(config));
    ShortDescriptor registers = registers(frames.allocRoot(), config);
    return new V7sPgtable(dram, frames, config, registers, flushOps, warnings);
  }

  private static void refuse(IoPgtableConfig config) throws ErrnoException {
    boolean mediatek = isMediatek(config);
    if (config.ias() > (mediatek ? 34 : 32) || config.oas() > (mediatek ? 35 : 32)) {
      throw ENOMEM.because("short descriptors with %d bits in, %d out", config.ias(), config.oas());
    }
    if (config.ias() <= V7sPgtable.SECTION_SHIFT) {
      throw ENOMEM.because("%d bits in are less than a root of two entries", config.ias());
    }
    if (!QUIRKS.containsAll(config.quirks())) {
      throw ENOMEM.because("quirks %s, of which only %s are known", config.quirks(), QUIRKS);
    }
    if (config.has(Quirk.ARM_MTK_EXT) && !config.has(Quirk.NO_PERMS)) {
      throw ENOMEM.because("ARM_MTK_EXT puts addresses where permissions are");
    }
    if (config.has(Quirk.ARM_MTK_TTBR_EXT) && !config.has(Quirk.ARM_MTK_EXT)) {
      throw ENOMEM.because("ARM_MTK_TTBR_EXT needs ARM_MTK_EXT");
    }
  }

  /** Kernel: {@code arm_v7s_is_mtk_enabled()}. */
  static boolean isMediatek(IoPgtableConfig config) {
    return config.has(Quirk.ARM_MTK_EXT) || config.has(Quirk.ARM_MTK_TTBR_EXT);
  }

  /** 16 KiB for 32 bits; a root of less than a page has a whole one. */
  private static int rootOrder(IoPgtableConfig config) {
    int rootShift = config.ias() - V7sPgtable.SECTION_SHIFT + V7sPgtable.ENTRY_SHIFT;
    return Math.max(rootShift - PAGE_SHIFT, 0);
  }

  private static int tableAddressBits(IoPgtableConfig config) {
    return config.has(Quirk.ARM_MTK_TTBR_EXT) ? config.oas() : 32;
  }

  /** MediaTek's register has no attributes; their place is taken by the address's upper bits. */
  private static ShortDescriptor registers(long rootPa, IoPgtableConfig config) {
    int flags = V7sBits.TTBR_SHAREABLE | (config.coherentWalk() ? V7sBits.TTBR_COHERENT : 0);
    int ttbr = (int) rootPa | (isMediatek(config) ? (int) (rootPa >>> 32) : flags);
    return new ShortDescriptor(rootPa, ttbr, 0, V7sBits.PRRR, V7sBits.NMRR);
  }
}
