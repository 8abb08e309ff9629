package org.smmulator.drm.exynos.dma;

import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.primitives.ImmutableLongArray;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.mm.DrmMm;
import org.smmulator.drm.mm.InsertMode;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/**
 * DMA operations over a window of one domain, the same for every device that uses them: addresses
 * are this allocator's, and the domain is mapped with the IOMMU API.
 *
 * <p>Kernel: {@code struct dma_iommu_mapping} and {@code iommu_ops} of {@code
 * arch/arm/mm/dma-mapping.c}, whose window is a bitmap.
 */
final class WindowedDmaOps implements DmaOps {
  private final Iommu iommu;
  private final IommuDomain.Paging domain;
  private final PageAllocator pages;
  private final PageOwner owner;
  private final long startPage;
  private final long windowPages;
  private final DrmMm window;

  /** The allocations and mappings by their iova. */
  private final TreeMap<Long, Mapping> mappings = new TreeMap<>();

  private record Mapping(MmNode node, @Nullable GemPages pages) {}

  WindowedDmaOps(
      Iommu iommu,
      IommuDomain.Paging domain,
      PageAllocator pages,
      Device device,
      long startIova,
      long sizeBytes) {
    this.iommu = iommu;
    this.domain = domain;
    this.pages = pages;
    this.owner = pages.owner(new Holder.OfDevice(device.name()), "drm buffers", PageZone.CLIENT);
    this.startPage = startIova >>> PAGE_SHIFT;
    this.windowPages = sizeBytes >>> PAGE_SHIFT;
    this.window = new DrmMm(startPage, windowPages);
  }

  boolean isUnused() {
    return mappings.isEmpty();
  }

  @Override
  public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
      throws ErrnoException {
    long whole = wholePages(sizeBytes);
    boolean inOne = (attrs & DmaAttr.FORCE_CONTIGUOUS) != 0;
    GemPages memory =
        new GemPages(
            pages,
            owner,
            whole,
            inOne ? GemPages.Placement.CONTIGUOUS : GemPages.Placement.SCATTERED);
    try {
      MmNode node = take(whole);
      long iova = node.start() << PAGE_SHIFT;
      int prot = IommuProt.READ | IommuProt.WRITE;
      mapRuns(node, memory, prot);
      mappings.put(iova, new Mapping(node, memory));
      return inOne
          ? new CoherentBuffer(memory.pa(0), iova, sizeBytes)
          : new CoherentBuffer(pagesOf(memory, whole), iova, sizeBytes);
    } catch (ErrnoException e) {
      memory.free();
      throw ENOMEM.because("%s", e.reason());
    }
  }

  private void mapRuns(MmNode node, GemPages memory, int prot) throws ErrnoException {
    long iova = node.start() << PAGE_SHIFT;
    long[] mapped = new long[1];
    try {
      memory.forEachRun((offset, pa, bytes) -> {
        iommu.map(domain, iova + offset, pa, bytes, prot);
        mapped[0] = offset + bytes;
      });
    } catch (ErrnoException e) {
      if (mapped[0] > 0) {
        var _ = iommu.unmap(domain, iova, mapped[0]);
      }
      window.remove(node);
      throw e;
    }
  }

  private static ImmutableLongArray pagesOf(GemPages memory, long sizeBytes) {
    ImmutableLongArray.Builder found = ImmutableLongArray.builder();
    for (long offset = 0; offset < sizeBytes; offset += PAGE_SIZE) {
      found.add(memory.pa(offset));
    }
    return found.build();
  }

  @Override
  public void freeCoherent(Device device, CoherentBuffer buffer) {
    release(buffer.dmaAddress());
  }

  private void release(long iova) {
    Mapping mapping = mappings.remove(iova);
    if (mapping == null) {
      return;
    }
    var _ = iommu.unmap(domain, iova, mapping.node().size() << PAGE_SHIFT);
    window.remove(mapping.node());
    if (mapping.pages() != null) {
      mapping.pages().free();
    }
  }

  private MmNode take(long sizeBytes) throws ErrnoException {
    MmNode node = new MmNode();
    window.insert(
        node, sizeBytes >>> PAGE_SHIFT, 1, startPage, startPage + windowPages, InsertMode.BEST);
    return node;
  }

  private static long wholePages(long sizeBytes) {
    return sizeBytes + PAGE_SIZE - 1 & -PAGE_SIZE;
  }

  // ---- streaming

  @Override
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    long inPage = pa & PAGE_SIZE - 1;
    long whole = wholePages(sizeBytes + inPage);
    try {
      MmNode node = take(whole);
      long iova = node.start() << PAGE_SHIFT;
      try {
        iommu.map(domain, iova, pa - inPage, whole, prot(direction));
      } catch (ErrnoException e) {
        window.remove(node);
        throw e;
      }
      mappings.put(iova, new Mapping(node, null));
      return iova + inPage;
    } catch (ErrnoException e) {
      return MAPPING_ERROR;
    }
  }

  private static int prot(DmaDirection direction) {
    return switch (direction) {
      case TO_DEVICE -> IommuProt.READ;
      case FROM_DEVICE -> IommuProt.WRITE;
      default -> IommuProt.READ | IommuProt.WRITE;
    };
  }

  @Override
  public void unmapPage(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
    release(dmaAddress & -PAGE_SIZE);
  }

  /** {@inheritDoc} Pieces that meet at the ends of pages are one run for the device. */
  @Override
  public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    int first = 0;
    while (first < list.count()) {
      int end = first + 1;
      while (end < list.count() && endsPage(list, end - 1) && startsPage(list, end)) {
        end++;
      }
      try {
        mapRun(list, first, end, prot(direction));
      } catch (ErrnoException e) {
        unmapSg(device, list, direction, attrs);
        throw ENOMEM.because("%s", e.reason());
      }
      first = end;
    }
  }

  private static boolean startsPage(ScatterList list, int index) {
    return (list.pa(index) & PAGE_SIZE - 1) == 0;
  }

  private static boolean endsPage(ScatterList list, int index) {
    return (list.pa(index) + list.length(index) & PAGE_SIZE - 1) == 0;
  }

  private void mapRun(ScatterList list, int first, int end, int prot) throws ErrnoException {
    long inPage = list.pa(first) & PAGE_SIZE - 1;
    long bytes = 0;
    for (int i = first; i < end; i++) {
      bytes += list.length(i);
    }
    MmNode node = take(wholePages(bytes + inPage));
    long iova = node.start() << PAGE_SHIFT;
    long done = 0;
    try {
      for (int i = first; i < end; i++) {
        long start = list.pa(i) & -PAGE_SIZE;
        long whole = wholePages(list.pa(i) + list.length(i) - start);
        iommu.map(domain, iova + done, start, whole, prot);
        done += whole;
      }
    } catch (ErrnoException e) {
      if (done > 0) {
        var _ = iommu.unmap(domain, iova, done);
      }
      window.remove(node);
      throw e;
    }
    mappings.put(iova, new Mapping(node, null));
    list.addMapped(iova + inPage, bytes);
  }

  /** Does nothing: the memory is not cached. */
  @Override
  public void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}

  /** Does nothing, likewise. */
  @Override
  public void syncForDevice(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}
}
