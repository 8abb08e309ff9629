package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.trace.Dmesg;

/**
 * Makes page tables in one machine's memory.
 *
 * <p>Kernel: {@code drivers/iommu/io-pgtable.c}.
 */
@Singleton
public final class IoPgtables {
  private final LpaeFormat lpae;
  private final V7sFormat v7s;
  private final ExynosFormat exynos;

  @Inject
  public IoPgtables(Dram dram, PageAllocator pages, Dmesg dmesg) {
    this.lpae = new LpaeFormat(dram, pages, new PgtableWarnings(dmesg, "io-pgtable-arm.c"));
    this.v7s = new V7sFormat(dram, pages, new PgtableWarnings(dmesg, "io-pgtable-arm-v7s.c"));
    this.exynos = new ExynosFormat(dram, pages, new PgtableWarnings(dmesg, "exynos-iommu.c"));
  }

  /**
   * Makes an empty table.
   *
   * <p>Kernel: {@code alloc_io_pgtable_ops()}.
   *
   * @param owner whose name the table's memory bears
   * @throws ErrnoException ENOMEM if the format cannot be what {@code config} asks, or there is no
   *     memory. The kernel returns NULL for both, and its callers make ENOMEM of it.
   */
  public IoPgtable alloc(
      IoPgtableFormat format, IoPgtableConfig config, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    return switch (format) {
      case ARM_32_LPAE_S1 -> lpae.stage1(format, LpaeFormat.only32Bit(config, 32), owner, flushOps);
      case ARM_32_LPAE_S2 -> lpae.stage2(format, LpaeFormat.only32Bit(config, 40), owner, flushOps);
      case ARM_64_LPAE_S1 -> lpae.stage1(format, config, owner, flushOps);
      case ARM_64_LPAE_S2 -> lpae.stage2(format, config, owner, flushOps);
      case ARM_V7S -> v7s.table(config, owner, flushOps);
      case EXYNOS -> exynos.table(ExynosEncoding.V1, config, owner, flushOps);
      case EXYNOS_V5 -> exynos.table(ExynosEncoding.V5, config, owner, flushOps);
    };
  }

  /**
   * Makes an empty table of the same format as {@code master}, for the same context bank. Where the
   * master is a table of the upper half, this one is of the lower. Where there is no upper half,
   * the master's first root entry is linked: what it maps there this one maps too.
   *
   * @throws ErrnoException EOPNOTSUPP if the master's format is none that a bank can switch; ENOMEM
   */
  public IoPgtable allocBeside(IoPgtable master, PageOwner owner, FlushOps flushOps)
      throws ErrnoException {
    if (master instanceof LpaePgtable table) {
      return lpae.beside(table, owner, flushOps);
    }
    throw EOPNOTSUPP.because("no second table of this format");
  }
}
