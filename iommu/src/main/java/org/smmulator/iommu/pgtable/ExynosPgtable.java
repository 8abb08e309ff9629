package org.smmulator.iommu.pgtable;

import static org.smmulator.iommu.pgtable.ExynosEncoding.LARGE_PAGE_SHIFT;
import static org.smmulator.iommu.pgtable.ExynosEncoding.PAGE_SHIFT;
import static org.smmulator.iommu.pgtable.ExynosEncoding.SECTION_SHIFT;
import static org.smmulator.kernel.errno.Errno.EADDRINUSE;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Samsung's table: 4096 entries of a megabyte each, below them tables of 256 pages.
 *
 * <p>Kernel: {@code exynos_iommu_map()}, {@code exynos_iommu_unmap()} in {@code
 * drivers/iommu/exynos-iommu.c}. As there, a call does one leaf whatever its count, a mapping
 * without rights is a mapping, an unmap of a hole succeeds, and a table that has become empty stays
 * until a section takes its place. As there too, only a table in the place of the zero table is
 * told to walkers: the kernel also means to tell them of a section, but asks of the entry that it
 * just wrote whether it is a link, which it never is. Unlike there, iovas beyond 32 bits, addresses
 * that are too wide or misaligned, and sizes that the table lacks are refused: the kernel trusts
 * its callers and drops the excess bits.
 */
final class ExynosPgtable implements IoPgtable {
  private static final int ENTRY_BYTES = 4;
  private static final int ROOT_BYTES = ENTRY_BYTES << 12;
  private static final int PAGES_PER_TABLE = 1 << (SECTION_SHIFT - PAGE_SHIFT);
  private static final int PAGES_PER_LARGE_PAGE = 1 << (LARGE_PAGE_SHIFT - PAGE_SHIFT);
  private static final long SECTION_BYTES = 1L << SECTION_SHIFT;
  private static final long LARGE_PAGE_BYTES = 1L << LARGE_PAGE_SHIFT;
  private static final long PAGE_BYTES = 1L << PAGE_SHIFT;
  private static final int NO_MEMORY = 0; // an entry that is never a link

  private final Dram dram;
  private final TwoLevelFrames frames;
  private final ExynosEncoding encoding;
  private final int zeroLink;
  private final IoPgtableConfig config;
  private final PgtableRegisters.Sysmmu registers;
  private final FlushOps flushOps;
  private final PgtableWarnings warnings;
  private final Runnable onFree;
  private final long rootPa;

  /** For each megabyte with a table, how many of its pages are free. Kernel: {@code lv2entcnt}. */
  private final short[] freePages = new short[1 << 12];

  ExynosPgtable(
      Dram dram,
      TwoLevelFrames frames,
      ExynosEncoding encoding,
      int zeroLink,
      IoPgtableConfig config,
      PgtableRegisters.Sysmmu registers,
      FlushOps flushOps,
      PgtableWarnings warnings,
      Runnable onFree) {
    this.dram = dram;
    this.frames = frames;
    this.encoding = encoding;
    this.zeroLink = zeroLink;
    this.config = config;
    this.registers = registers;
    this.flushOps = flushOps;
    this.warnings = warnings;
    this.onFree = onFree;
    this.rootPa = registers.base();
    long twoLinks = Integer.toUnsignedLong(zeroLink) * 0x1_0000_0001L;
    dram.fillLongs(rootPa, ROOT_BYTES / Long.BYTES, twoLinks, 0);
  }

  @Override
  public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
    if (!isSupported(pgsizeBytes, iova | pa) || count == 0) {
      return EINVAL.number();
    }
    if (isOutside(iova) || pa >>> config.oas() != 0) {
      return ERANGE.number();
    }
    int errno =
        pgsizeBytes == SECTION_BYTES
            ? mapSection(iova, pa, prot)
            : mapPage(iova, pa, pgsizeBytes, prot);
    if (errno == 0) {
      return pgsizeBytes;
    }
    warnings.err(
        "exynos_iommu_map: Failed(-%d) to map %#x bytes @ %#x", errno, pgsizeBytes, (int) iova);
    return errno;
  }

  /**
   * Kernel: {@code lv1set_section()}. That frees an empty table while the root still points to it,
   * and asks whether hardware may have cached the link after it has written over it: a device that
   * reads just then walks memory that is somebody else's. Here the section comes first.
   */
  private int mapSection(long iova, long pa, int prot) {
    int index = index(iova);
    int entry = rootEntry(index);
    boolean hasTable = hasTable(entry);
    if (ExynosEncoding.isSection(entry) || (hasTable && freePages[index] != PAGES_PER_TABLE)) {
      warnings.warn("lv1set_section", "Trying mapping on 1MiB@%#08x that is mapped", (int) iova);
      return EADDRINUSE.number();
    }
    setRootEntry(index, encoding.section(pa, prot));
    if (hasTable) {
      freePages[index] = 0;
      flushOps.flushWalk(iova, SECTION_BYTES, PAGE_BYTES);
      frames.freeTable(encoding.tablePa(entry));
    }
    return 0;
  }

  private int mapPage(long iova, long pa, long sizeBytes, int prot) {
    int index = index(iova);
    int link = rootEntry(index);
    if (ExynosEncoding.isSection(link)) {
      warnings.warn("alloc_lv2entry", "Trying mapping on %#08x mapped with 1MiB page", (int) iova);
      return EADDRINUSE.number();
    }
    if (!hasTable(link)) {
      link = installTable(index, iova);
      if (link == NO_MEMORY) {
        return ENOMEM.number();
      }
    }
    int pages = (int) (sizeBytes >>> PAGE_SHIFT);
    int bits = pages == 1 ? encoding.page(pa, prot) : encoding.largePage(pa, prot);
    return writeLeaf(index, pageEntryPa(link, iova), pages, bits);
  }

  /** Returns the new link, {@link #NO_MEMORY} if there is none. */
  private int installTable(int index, long iova) {
    long tablePa = frames.tryAllocTable();
    if (tablePa == PageAllocator.NONE) {
      return NO_MEMORY;
    }
    boolean mayBeCached = rootEntry(index) == zeroLink;
    int link = encoding.link(tablePa);
    setRootEntry(index, link);
    freePages[index] = PAGES_PER_TABLE;
    if (mayBeCached) {
      flushOps.flushWalk(iova & -SECTION_BYTES, SECTION_BYTES, PAGE_BYTES);
    }
    return link;
  }

  /** Kernel: {@code lv2set_page()}. */
  private int writeLeaf(int index, long entryPa, int pages, int bits) {
    long end = entryPa + (long) pages * ENTRY_BYTES;
    for (long at = entryPa; at < end; at += ENTRY_BYTES) {
      if (!ExynosEncoding.isHole(dram.getInt(at))) {
        warnings.warn("lv2set_page", "page %d of the large page is mapped", (at - entryPa) >> 2);
        clear(entryPa, at);
        return EADDRINUSE.number();
      }
      dram.putInt(at, bits);
    }
    freePages[index] -= (short) pages;
    return 0;
  }

  private void clear(long fromPa, long endPa) {
    for (long at = fromPa; at < endPa; at += ENTRY_BYTES) {
      dram.putInt(at, 0);
    }
  }

  @Override
  public long unmapPages(long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
    if (!isSupported(pgsizeBytes, iova) || isOutside(iova) || count == 0) {
      return 0;
    }
    long unmapped = unmapLeaf(iova, pgsizeBytes);
    if (unmapped != 0 && gather != null && !gather.isQueued()) {
      flushOps.addPage(gather, iova, unmapped);
    }
    return unmapped;
  }

  private long unmapLeaf(long iova, long sizeBytes) {
    int index = index(iova);
    int entry = rootEntry(index);
    if (ExynosEncoding.isSection(entry)) {
      if (sizeBytes < SECTION_BYTES) {
        return part(iova, sizeBytes, SECTION_BYTES);
      }
      setRootEntry(index, zeroLink);
      return SECTION_BYTES;
    }
    if (!hasTable(entry)) {
      return sizeBytes; // which is at most a section
    }
    return unmapPage(index, pageEntryPa(entry, iova), iova, sizeBytes);
  }

  private long unmapPage(int index, long entryPa, long iova, long sizeBytes) {
    int page = dram.getInt(entryPa);
    if (ExynosEncoding.isHole(page)) {
      return PAGE_BYTES;
    }
    if (!ExynosEncoding.isLargePage(page)) {
      dram.putInt(entryPa, 0);
      freePages[index]++;
      return PAGE_BYTES;
    }
    if (sizeBytes < LARGE_PAGE_BYTES) {
      return part(iova, sizeBytes, LARGE_PAGE_BYTES);
    }
    clear(entryPa, entryPa + PAGES_PER_LARGE_PAGE * ENTRY_BYTES);
    freePages[index] += (short) PAGES_PER_LARGE_PAGE;
    return LARGE_PAGE_BYTES;
  }

  private long part(long iova, long sizeBytes, long leafBytes) {
    warnings.warn("exynos_iommu_unmap", "%#x bytes are part of a leaf", sizeBytes);
    warnings.err(
        "exynos_iommu_unmap: Failed: size(%#x) @ %#x is smaller than page size %#x",
        sizeBytes, (int) iova, leafBytes);
    return 0;
  }

  /** {@inheritDoc} Kernel: {@code exynos_iommu_iova_to_phys()}. */
  @Override
  public long iovaToPhys(long iova) {
    if (isOutside(iova)) {
      return 0;
    }
    int entry = rootEntry(index(iova));
    if (ExynosEncoding.isSection(entry)) {
      return encoding.sectionPa(entry, iova);
    }
    if (!hasTable(entry)) {
      return 0;
    }
    int page = dram.getInt(pageEntryPa(entry, iova));
    return ExynosEncoding.isHole(page) ? 0 : encoding.pagePa(page, iova);
  }

  @Override
  public PgtableWalk explain(long iova) {
    if (isOutside(iova)) {
      return PgtableWalk.nowhere(iova);
    }
    int index = index(iova);
    int entry = rootEntry(index);
    PgtableWalk.Index rootIndex =
        PgtableWalk.Index.of(
            iova, ExynosEncoding.SECTION_SHIFT, config.ias() - ExynosEncoding.SECTION_SHIFT);
    if (ExynosEncoding.isSection(entry)) {
      PgtableWalk.Step leaf =
          step(1, rootIndex, rootPa + 4L * index, entry, encoding.describeSection(entry));
      return new PgtableWalk(
          iova, ImmutableList.of(leaf), OptionalLong.of(encoding.sectionPa(entry, iova)));
    }
    PgtableWalk.Step root = step(1, rootIndex, rootPa + 4L * index, entry, describeRoot(entry));
    long pagePa = pageEntryPa(entry, iova);
    int page = dram.getInt(pagePa);
    boolean hole = ExynosEncoding.isHole(page);
    String meaning = hole ? "invalid" : encoding.describePage(page);
    PgtableWalk.Index pageIndex =
        PgtableWalk.Index.of(
            iova,
            ExynosEncoding.PAGE_SHIFT,
            ExynosEncoding.SECTION_SHIFT - ExynosEncoding.PAGE_SHIFT);
    PgtableWalk.Step leaf = step(2, pageIndex, pagePa, page, meaning);
    return new PgtableWalk(
        iova,
        ImmutableList.of(root, leaf),
        hole ? OptionalLong.empty() : OptionalLong.of(encoding.pagePa(page, iova)));
  }

  private String describeRoot(int entry) {
    String kind = entry == zeroLink ? "zero table" : "table";
    return String.format(Locale.ROOT, "%s 0x%x", kind, encoding.tablePa(entry));
  }

  private PgtableWalk.Step step(
      int level, PgtableWalk.Index index, long entryPa, int entry, String meaning) {
    return new PgtableWalk.Step(
        encoding == ExynosEncoding.V5 ? IoPgtableFormat.EXYNOS_V5 : IoPgtableFormat.EXYNOS,
        level,
        index,
        entryPa,
        Integer.toUnsignedLong(entry),
        meaning);
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    for (long start = 0; start < 1L << config.ias(); start += SECTION_BYTES) {
      int entry = rootEntry(index(start));
      if (ExynosEncoding.isSection(entry)) {
        visitor.leaf(
            start, SECTION_BYTES, encoding.sectionPa(entry, 0), encoding.sectionProt(entry));
      } else if (hasTable(entry)) {
        visitTable(visitor, entry, start);
      }
    }
  }

  /** A large page is 16 entries. */
  private void visitTable(LeafVisitor visitor, int link, long start) {
    for (long iova = start; iova < start + SECTION_BYTES; iova += PAGE_BYTES) {
      int page = dram.getInt(pageEntryPa(link, iova));
      long sizeBytes = ExynosEncoding.isLargePage(page) ? LARGE_PAGE_BYTES : PAGE_BYTES;
      if (!ExynosEncoding.isHole(page) && (iova & (sizeBytes - 1)) == 0) {
        visitor.leaf(iova, sizeBytes, encoding.pagePa(page, 0), encoding.pageProt(page));
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

  /** {@inheritDoc} Kernel: {@code exynos_iommu_domain_free()}. */
  @Override
  public void free() {
    flushOps.flushAll();
    frames.freeAll();
    onFree.run();
  }

  private boolean isSupported(long pgsizeBytes, long addresses) {
    return Long.bitCount(pgsizeBytes) == 1
        && (pgsizeBytes & config.pgsizeBitmap()) != 0
        && (addresses & (pgsizeBytes - 1)) == 0;
  }

  private boolean isOutside(long iova) {
    return iova >>> config.ias() != 0;
  }

  /** A link to a table of its own. Kernel: {@code lv1ent_page()}. */
  private boolean hasTable(int entry) {
    return entry != zeroLink && ExynosEncoding.isLink(entry);
  }

  private static int index(long iova) {
    return (int) (iova >>> SECTION_SHIFT);
  }

  private static int pageIndex(long iova) {
    return (int) (iova >>> PAGE_SHIFT) & (PAGES_PER_TABLE - 1);
  }

  private int rootEntry(int index) {
    return dram.getInt(rootPa + (long) index * ENTRY_BYTES);
  }

  private void setRootEntry(int index, int entry) {
    dram.putInt(rootPa + (long) index * ENTRY_BYTES, entry);
  }

  private long pageEntryPa(int link, long iova) {
    return encoding.tablePa(link) + (long) pageIndex(iova) * ENTRY_BYTES;
  }
}
