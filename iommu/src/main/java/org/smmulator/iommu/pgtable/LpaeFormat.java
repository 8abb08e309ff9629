package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.pgtable.PgtableRegisters.Stage1;
import org.smmulator.iommu.pgtable.PgtableRegisters.Stage2;
import org.smmulator.iommu.pgtable.PgtableRegisters.Tcr;
import org.smmulator.iommu.pgtable.PgtableRegisters.Vtcr;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * Decides what an LPAE table can be: granule, levels, and the register fields that tell hardware.
 *
 * <p>Kernel: the allocation half of {@code drivers/iommu/io-pgtable-arm.c}.
 */
final class LpaeFormat {
  private static final ImmutableSet<Quirk> STAGE_1_QUIRKS =
      Sets.immutableEnumSet(
          Quirk.ARM_NS, Quirk.ARM_TTBR1, Quirk.ARM_OUTER_WBWA, Quirk.ARM_HD, Quirk.NO_WARN);
  private static final ImmutableSet<Quirk> STAGE_2_QUIRKS =
      Sets.immutableEnumSet(Quirk.ARM_S2FWB, Quirk.NO_WARN);

  private static final long LEAVES_4K = 1L << 12 | 1L << 21 | 1L << 30;
  private static final long LEAVES_16K = 1L << 14 | 1L << 25;
  private static final long LEAVES_64K = 1L << 16 | 1L << 29;
  private static final long LEAF_4T = 1L << 42;

  private static final int NON_CACHEABLE = 0;
  private static final int WRITE_BACK_ALLOCATE = 1;
  private static final int OUTER_SHAREABLE = 2;
  private static final int INNER_SHAREABLE = 3;

  private final Dram dram;
  private final PageAllocator pages;
  private final PgtableWarnings warnings;

  LpaeFormat(Dram dram, PageAllocator pages, PgtableWarnings warnings) {
    this.dram = dram;
    this.pages = pages;
    this.warnings = warnings;
  }

  /** Kernel: {@code arm_64_lpae_alloc_pgtable_s1()}. */
  LpaePgtable stage1(
      IoPgtableFormat format, IoPgtableConfig wanted, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    refuseOtherQuirks(wanted, STAGE_1_QUIRKS);
    if (wanted.coherentWalk() && wanted.has(Quirk.ARM_OUTER_WBWA)) {
      throw ENOMEM.because("ARM_OUTER_WBWA is for a walker that is not coherent");
    }
    IoPgtableConfig config = restrict(wanted);
    LpaeGeometry geometry = LpaeGeometry.stage1(granuleShift(config), config.ias());
    Tcr tcr = tcr(config);
    TableFrames frames = new TableFrames(pages, owner, geometry);
    return new LpaePgtable(
        dram,
        frames,
        geometry,
        format,
        config,
        new Stage1(frames.allocRoot(), tcr, LpaeBits.MAIR),
        flushOps,
        warnings);
  }

  /**
   * Makes a table of the lower half that a context bank can walk beside {@code master}, or in its
   * place: without a split, what is behind the master's first root entry is linked.
   *
   * @throws ErrnoException EOPNOTSUPP if the master is a stage 2; ENOMEM
   */
  LpaePgtable beside(LpaePgtable master, PageOwner owner, FlushOps flushOps) throws ErrnoException {
    if (!(master.registers() instanceof Stage1)) {
      throw EOPNOTSUPP.because("the master's table is a second stage");
    }
    IoPgtableConfig config = master.config();
    LpaePgtable made = stage1(master.format(), config.without(Quirk.ARM_TTBR1), owner, flushOps);
    if (config.has(Quirk.ARM_TTBR1)) {
      return made;
    }
    try {
      made.borrowFirst(master);
    } catch (ErrnoException e) {
      made.free();
      throw e;
    }
    return made;
  }

  /** Kernel: {@code arm_64_lpae_alloc_pgtable_s2()}. */
  IoPgtable stage2(
      IoPgtableFormat format, IoPgtableConfig wanted, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    refuseOtherQuirks(wanted, STAGE_2_QUIRKS);
    IoPgtableConfig config = restrict(wanted);
    LpaeGeometry geometry = LpaeGeometry.stage2(granuleShift(config), config.ias(), config.oas());
    Vtcr vtcr = vtcr(config, geometry);
    TableFrames frames = new TableFrames(pages, owner, geometry);
    return new LpaePgtable(
        dram,
        frames,
        geometry,
        format,
        config,
        new Stage2(frames.allocRoot(), vtcr),
        flushOps,
        warnings);
  }

  /**
   * Narrows {@code config} to the 32-bit variants, which have the 4 KiB granule only.
   *
   * <p>Kernel: {@code arm_32_lpae_alloc_pgtable_s1()} and {@code _s2()}.
   */
  static IoPgtableConfig only32Bit(IoPgtableConfig config, int maxIas) throws ErrnoException {
    if (config.ias() > maxIas || config.oas() > 40) {
      throw ENOMEM.because("32-bit LPAE with %d bits in, %d out", config.ias(), config.oas());
    }
    return config.restrictedTo(config.pgsizeBitmap() & LEAVES_4K, config.ias(), config.oas());
  }

  private static void refuseOtherQuirks(IoPgtableConfig config, ImmutableSet<Quirk> known)
      throws ErrnoException {
    if (!known.containsAll(config.quirks())) {
      throw ENOMEM.because("quirks %s, of which only %s are known", config.quirks(), known);
    }
  }

  /** Narrows to one granule. Kernel: {@code arm_lpae_restrict_pgsizes()}. */
  private static IoPgtableConfig restrict(IoPgtableConfig config) throws ErrnoException {
    long leaves =
        switch (preferredGranule(config.pgsizeBitmap())) {
          case 1 << 12 -> LEAVES_4K;
          case 1 << 14 -> LEAVES_16K;
          case 1 << 16 -> config.oas() > 48 ? LEAVES_64K | LEAF_4T : LEAVES_64K;
          default -> throw ENOMEM.because("no granule among sizes %#x", config.pgsizeBitmap());
        };
    int maxBits = (leaves & LEAVES_64K) != 0 ? 52 : 48;
    return config.restrictedTo(
        config.pgsizeBitmap() & leaves,
        Math.min(config.ias(), maxBits),
        Math.min(config.oas(), maxBits));
  }

  /** The CPU's page size if the hardware has it; else the next smaller; else the next larger. */
  private static int preferredGranule(long pgsizeBitmap) {
    if ((pgsizeBitmap & PAGE_SIZE) != 0) {
      return (int) PAGE_SIZE;
    }
    long smaller = pgsizeBitmap & (PAGE_SIZE - 1);
    return (int) (smaller != 0 ? Long.highestOneBit(smaller) : Long.lowestOneBit(pgsizeBitmap));
  }

  private static int granuleShift(IoPgtableConfig config) {
    return Long.numberOfTrailingZeros(config.pgsizeBitmap());
  }

  private static Tcr tcr(IoPgtableConfig config) throws ErrnoException {
    boolean coherent = config.coherentWalk();
    int outer = coherent || config.has(Quirk.ARM_OUTER_WBWA) ? WRITE_BACK_ALLOCATE : NON_CACHEABLE;
    return new Tcr(
        physicalSize(config.oas()),
        config.has(Quirk.ARM_TTBR1) ? tg1(config) : tg0(config),
        coherent ? INNER_SHAREABLE : OUTER_SHAREABLE,
        outer,
        coherent ? WRITE_BACK_ALLOCATE : NON_CACHEABLE,
        64 - config.ias());
  }

  private static Vtcr vtcr(IoPgtableConfig config, LpaeGeometry geometry) throws ErrnoException {
    boolean coherent = config.coherentWalk();
    int cacheability = coherent ? WRITE_BACK_ALLOCATE : NON_CACHEABLE;
    // With 4 KiB the field counts from level 2 up, with the larger granules from level 3 up.
    int sl =
        geometry.granuleShift() == PAGE_SHIFT ? geometry.startLevel() + 1 : geometry.startLevel();
    return new Vtcr(
        physicalSize(config.oas()),
        tg0(config),
        coherent ? INNER_SHAREABLE : OUTER_SHAREABLE,
        cacheability,
        cacheability,
        ~sl & 0b11,
        64 - config.ias());
  }

  private static int tg0(IoPgtableConfig config) {
    return switch (granuleShift(config)) {
      case 12 -> 0;
      case 16 -> 1;
      default -> 2;
    };
  }

  private static int tg1(IoPgtableConfig config) {
    return switch (granuleShift(config)) {
      case 14 -> 1;
      case 12 -> 2;
      default -> 3;
    };
  }

  private static int physicalSize(int oas) throws ErrnoException {
    return switch (oas) {
      case 32 -> 0;
      case 36 -> 1;
      case 40 -> 2;
      case 42 -> 3;
      case 44 -> 4;
      case 48 -> 5;
      case 52 -> 6;
      default -> throw ENOMEM.because("physical addresses of %d bits", oas);
    };
  }
}
