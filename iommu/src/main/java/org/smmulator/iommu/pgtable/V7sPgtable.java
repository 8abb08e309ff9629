package org.smmulator.iommu.pgtable;

import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.collect.ImmutableList;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * An ARMv7 short-descriptor table: two levels of 32-bit entries.
 *
 * <p>Kernel: {@code drivers/iommu/io-pgtable-arm-v7s.c}. As there, and unlike LPAE here, one call
 * does all of its leaves, across tables; only the first is checked against the address sizes, and
 * iovas past the end start over. Unlike there, a size that the table lacks and an address that is
 * not a multiple of the size are refused: the kernel trusts its callers in both, and would write
 * past the end of a table.
 *
 * <p>Not modelled: maintenance of tables for a walker that is not coherent; tables are not cached.
 */
final class V7sPgtable implements IoPgtable {
  static final int ENTRY_SHIFT = 2;
  static final int SECTION_SHIFT = 20;
  static final int PAGE_SHIFT = 12;
  private static final long SECTION_BYTES = 1L << SECTION_SHIFT;
  private static final int PAGE_INDEX_MASK = 0xff;

  private final Dram dram;
  private final TwoLevelFrames frames;
  private final V7sEntries entries;
  private final IoPgtableConfig config;
  private final PgtableRegisters registers;
  private final FlushOps flushOps;
  private final PgtableWarnings warnings;
  private final long rootPa;
  private final long rootIndexMask;

  V7sPgtable(
      Dram dram,
      TwoLevelFrames frames,
      IoPgtableConfig config,
      PgtableRegisters registers,
      FlushOps flushOps,
      PgtableWarnings warnings) {
    this.dram = dram;
    this.frames = frames;
    this.entries = V7sEntries.of(config);
    this.config = config;
    this.registers = registers;
    this.flushOps = flushOps;
    this.warnings = warnings;
    this.rootPa = registers.base();
    this.rootIndexMask = (1L << (config.ias() - SECTION_SHIFT)) - 1;
  }

  /** {@inheritDoc} Kernel: {@code arm_v7s_map_pages()}. */
  @Override
  public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
    if (!isSupported(pgsizeBytes, iova | pa)) {
      warnings.warn("arm_v7s_map_pages", "iova %#x, pa %#x by %#x", iova, pa, pgsizeBytes);
      return EINVAL.number();
    }
    if (isOutside(iova) || pa >>> config.oas() != 0) {
      warnings.warn("arm_v7s_map_pages", "iova %#x, pa %#x out of range", iova, pa);
      return ERANGE.number();
    }
    if ((prot & (READ | WRITE)) == 0 || count == 0) {
      return EINVAL.number();
    }
    long bytes = count * pgsizeBytes;
    for (long mapped = 0; mapped < bytes; mapped += pgsizeBytes) {
      int errno = mapLeaf(iova + mapped, pa + mapped, pgsizeBytes, prot);
      if (errno != 0) {
        return mapped | errno;
      }
    }
    return bytes;
  }

  /** Kernel: {@code __arm_v7s_map()}. */
  private int mapLeaf(long iova, long pa, long sizeBytes, int prot) {
    long entryPa = rootEntryPa(iova);
    if (sizeBytes >= SECTION_BYTES) {
      return writeLeaf(entryPa, 1, iova, pa, sizeBytes, prot);
    }
    int entry = dram.getInt(entryPa);
    if (entry == 0) {
      entry = installTable(entryPa);
      if (entry == 0) {
        return ENOMEM.number();
      }
    } else if (!V7sEntries.isTable(entry)) {
      return conflict(iova);
    }
    return writeLeaf(pageEntryPa(entry, iova), 2, iova, pa, sizeBytes, prot);
  }

  /** Kernel: {@code arm_v7s_init_pte()}. */
  private int writeLeaf(long entryPa, int level, long iova, long pa, long sizeBytes, int prot) {
    long end = entryPa + entryBytes(sizeBytes, level);
    long entryIova = iova;
    for (long at = entryPa; at < end; at += 1 << ENTRY_SHIFT) {
      int entry = dram.getInt(at);
      if (level == 1 && V7sEntries.isTable(entry)) {
        dram.putInt(at, 0);
        forget(entry, 1, entryIova, null);
      } else if (entry != 0) {
        return conflict(entryIova);
      }
      entryIova += 1L << V7sEntries.shift(level);
    }
    int leaf = entries.leaf(pa, prot, level, end - entryPa > 1 << ENTRY_SHIFT);
    for (long at = entryPa; at < end; at += 1 << ENTRY_SHIFT) {
      dram.putInt(at, leaf);
    }
    return 0;
  }

  /** Returns the new entry, 0 if there is no memory. Kernel: {@code arm_v7s_install_table()}. */
  private int installTable(long entryPa) {
    long tablePa = frames.tryAllocTable();
    if (tablePa == PageAllocator.NONE) {
      return 0;
    }
    int entry = entries.table(tablePa);
    dram.putInt(entryPa, entry);
    return entry;
  }

  private int conflict(long iova) {
    warnings.warn("arm_v7s_init_pte", "iova %#x is mapped already", iova);
    return EEXIST.number();
  }

  /** {@inheritDoc} Kernel: {@code arm_v7s_unmap_pages()}. */
  @Override
  public long unmapPages(long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
    if (!isSupported(pgsizeBytes, iova) || isOutside(iova)) {
      warnings.warn("arm_v7s_unmap_pages", "iova %#x, %d pages of %#x", iova, count, pgsizeBytes);
      return 0;
    }
    long bytes = count * pgsizeBytes;
    long unmapped = 0;
    while (unmapped < bytes && unmapLeaf(iova + unmapped, pgsizeBytes, gather)) {
      unmapped += pgsizeBytes;
    }
    return unmapped;
  }

  /** Kernel: {@code __arm_v7s_unmap()}. */
  private boolean unmapLeaf(long iova, long sizeBytes, @Nullable IotlbGather gather) {
    long entryPa = rootEntryPa(iova);
    if (sizeBytes >= SECTION_BYTES) {
      return clear(entryPa, 1, iova, sizeBytes, gather);
    }
    int entry = dram.getInt(entryPa);
    if (entry == 0) {
      return hole(iova);
    }
    if (!V7sEntries.isTable(entry)) {
      return part();
    }
    return clear(pageEntryPa(entry, iova), 2, iova, sizeBytes, gather);
  }

  /** Clears all entries that a size spans, none if one is a hole. */
  private boolean clear(
      long entryPa, int level, long iova, long sizeBytes, @Nullable IotlbGather gather) {
    long end = entryPa + entryBytes(sizeBytes, level);
    for (long at = entryPa; at < end; at += 1 << ENTRY_SHIFT) {
      if (dram.getInt(at) == 0) {
        return hole(iova);
      }
    }
    boolean single = end - entryPa == 1 << ENTRY_SHIFT;
    if (single && V7sEntries.isRepeatedLeaf(dram.getInt(entryPa), level)) {
      return part();
    }
    if (single) {
      int entry = dram.getInt(entryPa);
      dram.putInt(entryPa, 0);
      forget(entry, level, iova, gather);
      return true;
    }
    clearAll(entryPa, (int) (end - entryPa) >> ENTRY_SHIFT, level, iova, gather);
    return true;
  }

  /**
   * All entries of a size are cleared before any is invalidated: each of the 16 of a repeated leaf
   * maps the whole of it, and a walk of one that is left would bring it back.
   */
  private void clearAll(
      long entryPa, int count, int level, long iova, @Nullable IotlbGather gather) {
    int[] cleared = new int[count];
    for (int i = 0; i < count; i++) {
      cleared[i] = dram.getInt(entryPa + ((long) i << ENTRY_SHIFT));
      dram.putInt(entryPa + ((long) i << ENTRY_SHIFT), 0);
    }
    for (int i = 0; i < count; i++) {
      forget(cleared[i], level, iova + ((long) i << V7sEntries.shift(level)), gather);
    }
  }

  /** Invalidates what hardware has of an entry that is cleared. */
  private void forget(int entry, int level, long iova, @Nullable IotlbGather gather) {
    if (level == 1 && V7sEntries.isTable(entry)) {
      // Partial walks too, and only then is the table free.
      flushOps.flushWalk(iova, SECTION_BYTES, 1L << PAGE_SHIFT);
      frames.freeTable(entries.tablePa(entry));
    } else if (gather != null && !gather.isQueued()) {
      flushOps.addPage(gather, iova, 1L << V7sEntries.shift(level));
    }
  }

  private boolean hole(long iova) {
    warnings.warn("__arm_v7s_unmap", "iova %#x is not mapped", iova);
    return false;
  }

  private boolean part() {
    warnings.partialUnmap("__arm_v7s_unmap");
    return false;
  }

  /** {@inheritDoc} Kernel: {@code arm_v7s_iova_to_phys()}. */
  @Override
  public long iovaToPhys(long iova) {
    if (isOutside(iova)) {
      return 0;
    }
    int entry = dram.getInt(rootEntryPa(iova));
    if (!V7sEntries.isTable(entry)) {
      return entry == 0 ? 0 : entries.leafPa(entry, 1, iova);
    }
    int page = dram.getInt(pageEntryPa(entry, iova));
    return page == 0 ? 0 : entries.leafPa(page, 2, iova);
  }

  @Override
  public PgtableWalk explain(long iova) {
    if (isOutside(iova)) {
      return PgtableWalk.nowhere(iova);
    }
    int rootBits = Long.SIZE - Long.numberOfLeadingZeros(rootIndexMask);
    PgtableWalk.Index rootIndex = PgtableWalk.Index.of(iova, SECTION_SHIFT, rootBits);
    int entry = dram.getInt(rootEntryPa(iova));
    PgtableWalk.Step root = step(1, rootIndex, rootEntryPa(iova), entry);
    if (!V7sEntries.isTable(entry)) {
      return new PgtableWalk(iova, ImmutableList.of(root), found(entry, 1, iova));
    }
    long pagePa = pageEntryPa(entry, iova);
    int page = dram.getInt(pagePa);
    PgtableWalk.Index pageIndex =
        PgtableWalk.Index.of(iova, PAGE_SHIFT, SECTION_SHIFT - PAGE_SHIFT);
    PgtableWalk.Step last = step(2, pageIndex, pagePa, page);
    return new PgtableWalk(iova, ImmutableList.of(root, last), found(page, 2, iova));
  }

  private PgtableWalk.Step step(int level, PgtableWalk.Index index, long entryPa, int entry) {
    long bits = Integer.toUnsignedLong(entry);
    return new PgtableWalk.Step(
        IoPgtableFormat.ARM_V7S, level, index, entryPa, bits, entries.describe(entry, level));
  }

  private OptionalLong found(int entry, int level, long iova) {
    return entry == 0 ? OptionalLong.empty() : OptionalLong.of(entries.leafPa(entry, level, iova));
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    for (long i = 0; i <= rootIndexMask; i++) {
      long iova = i << SECTION_SHIFT;
      int entry = dram.getInt(rootEntryPa(iova));
      if (!V7sEntries.isTable(entry)) {
        visit(visitor, entry, 1, iova);
        continue;
      }
      for (long page = 0; page <= PAGE_INDEX_MASK; page++) {
        long pageIova = iova + (page << PAGE_SHIFT);
        visit(visitor, dram.getInt(pageEntryPa(entry, pageIova)), 2, pageIova);
      }
    }
  }

  /** Of the 16 entries of a repeated leaf, the first stands for all. */
  private void visit(LeafVisitor visitor, int entry, int level, long iova) {
    long sizeBytes = entries.leafBytes(entry, level);
    if (entry != 0 && (iova & (sizeBytes - 1)) == 0) {
      visitor.leaf(iova, sizeBytes, entries.leafPa(entry, level, iova), entries.prot(entry, level));
    }
  }

  @Override
  public IoPgtableConfig config() {
    return config;
  }

  @Override
  public PgtableRegisters registers() {
    return registers;
  }

  /** {@inheritDoc} Kernel: {@code free_io_pgtable_ops()}. */
  @Override
  public void free() {
    flushOps.flushAll();
    frames.freeAll();
  }

  private boolean isSupported(long pgsizeBytes, long addresses) {
    return Long.bitCount(pgsizeBytes) == 1
        && (pgsizeBytes & config.pgsizeBitmap()) != 0
        && (addresses & (pgsizeBytes - 1)) == 0;
  }

  private boolean isOutside(long iova) {
    return iova >>> config.ias() != 0;
  }

  private static long entryBytes(long sizeBytes, int level) {
    return sizeBytes >>> V7sEntries.shift(level) << ENTRY_SHIFT;
  }

  private long rootEntryPa(long iova) {
    return rootPa + (((iova >>> SECTION_SHIFT) & rootIndexMask) << ENTRY_SHIFT);
  }

  private long pageEntryPa(int tableEntry, long iova) {
    return entries.tablePa(tableEntry) + (((iova >>> PAGE_SHIFT) & PAGE_INDEX_MASK) << ENTRY_SHIFT);
  }
}
