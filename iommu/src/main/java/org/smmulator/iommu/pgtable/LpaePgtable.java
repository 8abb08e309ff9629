package org.smmulator.iommu.pgtable;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.iommu.pgtable.LpaeGeometry.ENTRY_SHIFT;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * An LPAE table: either stage, any granule.
 *
 * <p>Kernel: {@code drivers/iommu/io-pgtable-arm.c}. Tables that become empty stay until the iovas
 * they span are unmapped as one, a block takes their place, or the whole table is freed.
 */
// Why loops and not the kernel's recursion: a level costs one load and a few shifts, so calls would
// be most of the time. A level is known by its shift, log2 of what one of its entries spans; that
// is
// what the inner loops need, and it identifies the last level too (the granule's own shift).
//
// Why the last table is remembered: whoever maps or unmaps page by page goes on in the table of the
// last level where it was, so only every 512th call has to walk. It is forgotten whenever any table
// is freed.
//
// Why no compare-and-swap when a table is installed: one context runs at a time, and nothing
// between
// the load and the store waits.
final class LpaePgtable implements IoPgtable {
  /** No iova shifted right is this. */
  private static final long NO_PREFIX = Long.MIN_VALUE;

  private final Dram dram;
  private final TableFrames frames;
  private final LpaeGeometry geometry;
  private final LpaeAttributes attributes;
  private final IoPgtableFormat format;
  private final IoPgtableConfig config;
  private final PgtableRegisters registers;
  private final FlushOps flushOps;
  private final PgtableWarnings warnings;

  private final long rootPa;
  private final int rootShift;
  private final long rootIndexMask;
  private final int granuleShift;
  private final int bitsPerLevel;
  private final long indexMask;
  private final long pgsizeBitmap;
  private final int ias;
  private final int oas;
  private final long iovaExtension;
  private final long tableBits;
  private final boolean warnOnConflict;
  private final int lastTableShift;

  private long lastTablePrefix = NO_PREFIX;
  private long lastTablePa;

  /** The entries of the root, from the first on, that lead to another table's tables. */
  private long borrowed;

  /** True if another root leads to the tables behind this one's first entry. */
  private boolean lent;

  LpaePgtable(
      Dram dram,
      TableFrames frames,
      LpaeGeometry geometry,
      IoPgtableFormat format,
      IoPgtableConfig config,
      PgtableRegisters registers,
      FlushOps flushOps,
      PgtableWarnings warnings) {
    this.dram = dram;
    this.frames = frames;
    this.geometry = geometry;
    this.format = format;
    this.attributes = new LpaeAttributes(format, config);
    this.config = config;
    this.registers = registers;
    this.flushOps = flushOps;
    this.warnings = warnings;

    this.rootPa = registers.base();
    this.rootShift = geometry.shift(geometry.startLevel());
    this.rootIndexMask = (1L << geometry.rootBits()) - 1;
    this.granuleShift = geometry.granuleShift();
    this.bitsPerLevel = geometry.bitsPerLevel();
    this.indexMask = (1L << bitsPerLevel) - 1;
    this.pgsizeBitmap = config.pgsizeBitmap();
    this.ias = config.ias();
    this.oas = config.oas();
    this.iovaExtension = config.has(Quirk.ARM_TTBR1) ? -1 : 0;
    this.tableBits =
        LpaeBits.TYPE_TABLE_OR_PAGE
            | (config.has(Quirk.ARM_NS) ? LpaeBits.TABLE_NS : 0)
            | (config.coherentWalk() ? 0 : LpaeBits.TABLE_SYNCED);
    this.warnOnConflict = !config.has(Quirk.NO_WARN);
    this.lastTableShift = granuleShift + bitsPerLevel;
  }

  /** {@inheritDoc} Kernel: {@code arm_lpae_map_pages()}. */
  @Override
  public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
    if (!isSupported(pgsizeBytes)) {
      warnings.warn("arm_lpae_map_pages", "page size %#x", pgsizeBytes);
      return EINVAL.number();
    }
    if (isOutside(iova) || pa >>> oas != 0) {
      warnings.warn("arm_lpae_map_pages", "iova %#x, pa %#x out of range", iova, pa);
      return ERANGE.number();
    }
    if ((prot & (READ | WRITE)) == 0) {
      return EINVAL.number();
    }
    if (isInLastTable(iova, pgsizeBytes)) {
      long entryPa = entryPa(lastTablePa, iova, granuleShift);
      return mapLeaves(entryPa, granuleShift, iova, pa, count, prot);
    }
    int shift = rootShift;
    long entryPa = rootEntryPa(iova);
    while (1L << shift != pgsizeBytes) {
      long entry = dram.getLong(entryPa);
      if (entry == 0) {
        entry = installTable(entryPa);
        if (entry == 0) {
          return ENOMEM.number();
        }
      } else if (isLeaf(entry, shift)) {
        return conflict(iova);
      }
      shift -= bitsPerLevel;
      entryPa = entryPa(geometry.unpackPa(entry), iova, shift);
    }
    rememberLastTable(iova, entryPa, shift);
    return mapLeaves(entryPa, shift, iova, pa, count, prot);
  }

  /** Writes leaves up to the end of a table page. Kernel: {@code arm_lpae_init_pte()}. */
  private long mapLeaves(long entryPa, int shift, long iova, long pa, long count, int prot) {
    int leaves = (int) Math.min(count, entriesLeft(entryPa));
    for (int i = countFree(entryPa, 0, leaves); i < leaves; i = countFree(entryPa, i, leaves)) {
      long leafIova = iova + ((long) i << shift);
      long leafPa = entryPa + ((long) i << ENTRY_SHIFT);
      long entry = dram.getLong(leafPa);
      if (isLeaf(entry, shift)) {
        return conflict(leafIova);
      }
      removeTable(leafPa, entry, leafIova, shift);
    }
    long bits = attributes.encode(prot) | leafType(shift);
    long bytes = (long) leaves << shift;
    if (((pa ^ (pa + bytes - 1)) >>> LpaeBits.ADDRESS_END) == 0) {
      dram.fillLongs(entryPa, leaves, bits | geometry.packPa(pa), 1L << shift);
    } else {
      fillAcrossAddressEnd(entryPa, leaves, bits, pa, shift);
    }
    return bytes;
  }

  /** Packs each leaf anew, because the address field's carry would run into other bits. */
  private void fillAcrossAddressEnd(long entryPa, int leaves, long bits, long pa, int shift) {
    for (int i = 0; i < leaves; i++) {
      long leafPa = geometry.packPa(pa + ((long) i << shift));
      dram.putLong(entryPa + ((long) i << ENTRY_SHIFT), bits | leafPa);
    }
  }

  /**
   * Returns the first entry from {@code from} on that is not zero, {@code end} if there is none.
   */
  private int countFree(long entryPa, int from, int end) {
    return from + dram.countLongs(entryPa + ((long) from << ENTRY_SHIFT), end - from, -1, 0);
  }

  /** Returns the new entry, 0 if there is no memory. Kernel: {@code arm_lpae_install_table()}. */
  private long installTable(long entryPa) {
    long tablePa = frames.tryAllocTable();
    if (tablePa == PageAllocator.NONE) {
      return 0;
    }
    long entry = geometry.packPa(tablePa) | tableBits;
    dram.putLong(entryPa, entry);
    return entry;
  }

  /** {@inheritDoc} In the worst case each entry above the last level leads to a new table. */
  @Override
  public TableReserve preallocate(long iova, long sizeBytes) throws ErrnoException {
    if (sizeBytes <= 0 || ((iova | sizeBytes) & ((1L << granuleShift) - 1)) != 0) {
      throw EINVAL.because("iova or size is not a multiple of 0x%x", 1L << granuleShift);
    }
    long last = iova + sizeBytes - 1;
    if (isOutside(iova) || isOutside(last)) {
      throw ERANGE.because("0x%x bytes at iova 0x%x", sizeBytes, iova);
    }
    long tables = 0;
    for (int shift = lastTableShift; shift <= rootShift; shift += bitsPerLevel) {
      tables += (last >> shift) - (iova >> shift) + 1;
    }
    return frames.reserve(tables);
  }

  private long conflict(long iova) {
    if (warnOnConflict) {
      warnings.warn("arm_lpae_init_pte", "iova %#x is mapped already", iova);
    }
    return EEXIST.number();
  }

  /** {@inheritDoc} Kernel: {@code arm_lpae_unmap_pages()}. */
  @Override
  public long unmapPages(long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
    if (!isSupported(pgsizeBytes) || count == 0 || isOutside(iova)) {
      warnings.warn("arm_lpae_unmap_pages", "iova %#x, %d pages of %#x", iova, count, pgsizeBytes);
      return 0;
    }
    if (isInLastTable(iova, pgsizeBytes)) {
      return unmapEntries(
          entryPa(lastTablePa, iova, granuleShift), granuleShift, iova, count, gather);
    }
    int shift = rootShift;
    long entryPa = rootEntryPa(iova);
    while (1L << shift != pgsizeBytes) {
      long entry = dram.getLong(entryPa);
      if (entry == 0) {
        hole(iova);
        return 0;
      }
      if (isLeaf(entry, shift)) {
        warnings.partialUnmap("__arm_lpae_unmap");
        return 0;
      }
      shift -= bitsPerLevel;
      entryPa = entryPa(geometry.unpackPa(entry), iova, shift);
    }
    rememberLastTable(iova, entryPa, shift);
    return unmapEntries(entryPa, shift, iova, count, gather);
  }

  /** Clears entries up to a hole or the end of a table page. */
  private long unmapEntries(
      long entryPa, int shift, long iova, long count, @Nullable IotlbGather gather) {
    int most = (int) Math.min(count, entriesLeft(entryPa));
    int present = countLeaves(entryPa, 0, most, shift);
    while (present < most) {
      long atPa = entryPa + ((long) present << ENTRY_SHIFT);
      long entry = dram.getLong(atPa);
      if (entry == 0) {
        hole(iova + ((long) present << shift));
        break;
      }
      removeTable(atPa, entry, iova + ((long) present << shift), shift);
      present = countLeaves(entryPa, present + 1, most, shift);
    }
    dram.fillLongs(entryPa, present, 0, 0);
    if (gather != null && !gather.isQueued()) {
      for (int i = 0; i < present; i++) {
        flushOps.addPage(gather, iova + ((long) i << shift), 1L << shift);
      }
    }
    return (long) present << shift;
  }

  /** Returns the first entry from {@code from} on that is no leaf, {@code end} if there is none. */
  private int countLeaves(long entryPa, int from, int end, int shift) {
    long at = entryPa + ((long) from << ENTRY_SHIFT);
    return from + dram.countLongs(at, end - from, LpaeBits.TYPE, leafType(shift));
  }

  private void hole(long iova) {
    if (warnOnConflict) {
      warnings.warn("__arm_lpae_unmap", "iova %#x is not mapped", iova);
    }
  }

  /**
   * Takes a table out of its parent and frees all below it. The walker must have forgotten the
   * entry before the memory can become anything else, so the flush is not gathered.
   */
  private void removeTable(long entryPa, long entry, long iova, int shift) {
    checkState(!lent || entryPa != rootPa, "a table goes that other roots lead to");
    dram.putLong(entryPa, 0);
    lastTablePrefix = NO_PREFIX;
    flushOps.flushWalk(iova, 1L << shift, 1L << granuleShift);
    freeTable(geometry.unpackPa(entry), shift - bitsPerLevel);
  }

  private void freeTable(long tablePa, int shift) {
    freeTablesIn(tablePa, indexMask + 1, shift);
    frames.freeTable(tablePa);
  }

  private void freeTablesIn(long tablePa, long entries, int shift) {
    if (shift == granuleShift) {
      return;
    }
    for (long i = 0; i < entries; i++) {
      long entry = dram.getLong(tablePa + (i << ENTRY_SHIFT));
      if (entry != 0 && !isLeaf(entry, shift)) {
        freeTable(geometry.unpackPa(entry), shift - bitsPerLevel);
      }
    }
  }

  /** {@inheritDoc} Kernel: {@code arm_lpae_iova_to_phys()}. */
  @Override
  public long iovaToPhys(long iova) {
    if (isOutside(iova)) {
      return 0;
    }
    int shift = rootShift;
    long entry = dram.getLong(rootEntryPa(iova));
    while (entry != 0 && !isLeaf(entry, shift)) {
      shift -= bitsPerLevel;
      entry = dram.getLong(entryPa(geometry.unpackPa(entry), iova, shift));
    }
    return entry == 0 ? 0 : geometry.unpackPa(entry) | (iova & ((1L << shift) - 1));
  }

  /**
   * {@inheritDoc} A leaf is written if it may be marked (DBM) and has been: hardware marks it by
   * taking the read-only bit away. Kernel: {@code arm_lpae_read_and_clear_dirty()}.
   */
  @Override
  public int readAndClearDirty(long iova, long sizeBytes, boolean clear, DirtyPages found) {
    long last = iova + sizeBytes - 1;
    if (!attributes.remembersWrites() || sizeBytes <= 0 || isOutside(iova) || isOutside(last)) {
      return EINVAL.number();
    }
    long at = iova;
    while (true) {
      int shift = rootShift;
      long entryPa = rootEntryPa(at);
      long entry = dram.getLong(entryPa);
      while (entry != 0 && !isLeaf(entry, shift)) {
        shift -= bitsPerLevel;
        entryPa = entryPa(geometry.unpackPa(entry), at, shift);
        entry = dram.getLong(entryPa);
      }
      if (entry == 0) {
        return EINVAL.number();
      }
      long start = at & -(1L << shift);
      if ((entry & (LpaeBits.S1_DBM | LpaeBits.S1_AP_READ_ONLY)) == LpaeBits.S1_DBM) {
        found.dirty(start, 1L << shift);
        if (clear) {
          dram.putLong(entryPa, entry | LpaeBits.S1_AP_READ_ONLY);
        }
      }
      at = start + (1L << shift);
      if (at - 1 >= last) {
        return 0;
      }
    }
  }

  @Override
  public PgtableWalk explain(long iova) {
    return isOutside(iova)
        ? PgtableWalk.nowhere(iova)
        : LpaeWalk.walk(dram, rootPa, format, geometry, attributes, iova);
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    visit(
        visitor,
        rootPa + (borrowed << ENTRY_SHIFT),
        rootIndexMask + 1 - borrowed,
        rootShift,
        (iovaExtension << ias) + (borrowed << rootShift));
  }

  private void visit(LeafVisitor visitor, long tablePa, long entries, int shift, long startIova) {
    for (long i = 0; i < entries; i++) {
      long entry = dram.getLong(tablePa + (i << ENTRY_SHIFT));
      long iova = startIova + (i << shift);
      if (entry == 0) {
        continue;
      }
      long pa = geometry.unpackPa(entry);
      if (isLeaf(entry, shift)) {
        visitor.leaf(iova, 1L << shift, pa, attributes.decode(entry));
      } else {
        visit(visitor, pa, indexMask + 1, shift - bitsPerLevel, iova);
      }
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
    freeTablesIn(rootPa + (borrowed << ENTRY_SHIFT), rootIndexMask + 1 - borrowed, rootShift);
    frames.freeRoot(rootPa);
  }

  @Override
  public long rootSpanBytes() {
    return 1L << rootShift;
  }

  /**
   * Links the tables behind {@code other}'s first root entry: what is mapped there is mapped here
   * too, now and later. They stay the other's.
   *
   * @throws ErrnoException ENOMEM
   */
  void borrowFirst(LpaePgtable other) throws ErrnoException {
    long entry = dram.getLong(other.rootPa);
    if (entry == 0) {
      entry = other.installTable(other.rootPa);
    }
    if (entry == 0) {
      throw ENOMEM.because("no memory for the table that roots share");
    }
    other.lent = true;
    borrowed = 1;
    dram.putLong(rootPa, entry);
  }

  /** Stage and width, for who makes another table like this one. */
  IoPgtableFormat format() {
    return format;
  }

  private boolean isInLastTable(long iova, long pgsizeBytes) {
    return iova >> lastTableShift == lastTablePrefix && pgsizeBytes == 1L << granuleShift;
  }

  private void rememberLastTable(long iova, long entryPa, int shift) {
    if (shift == granuleShift && shift != rootShift) {
      lastTablePrefix = iova >> lastTableShift;
      lastTablePa = entryPa & -(1L << granuleShift);
    }
  }

  private boolean isSupported(long pgsizeBytes) {
    return Long.bitCount(pgsizeBytes) == 1 && (pgsizeBytes & pgsizeBitmap) != 0;
  }

  /** All bits above {@code ias} must be zero; for TTBR1's half, ones. */
  private boolean isOutside(long iova) {
    return iova >> ias != iovaExtension;
  }

  private boolean isLeaf(long entry, int shift) {
    return (entry & LpaeBits.TYPE) == leafType(shift);
  }

  private long leafType(int shift) {
    return shift == granuleShift ? LpaeBits.TYPE_TABLE_OR_PAGE : LpaeBits.TYPE_BLOCK;
  }

  private long rootEntryPa(long iova) {
    return rootPa + (((iova >>> rootShift) & rootIndexMask) << ENTRY_SHIFT);
  }

  private long entryPa(long tablePa, long iova, int shift) {
    return tablePa + (((iova >>> shift) & indexMask) << ENTRY_SHIFT);
  }

  /** The number of entries from here to the end of this page of a table. */
  private long entriesLeft(long entryPa) {
    return indexMask + 1 - ((entryPa >>> ENTRY_SHIFT) & indexMask);
  }
}
