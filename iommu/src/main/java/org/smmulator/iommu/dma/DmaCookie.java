package org.smmulator.iommu.dma;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.PageSizes;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.iommu.iova.FlushQueue;
import org.smmulator.iommu.iova.IovaCaches;
import org.smmulator.iommu.iova.IovaDomain;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.task.Scheduler;

/**
 * A domain of the DMA API: which of its iovas are in use, and how they are mapped.
 *
 * <p>Kernel: {@code struct iommu_dma_cookie} and the static functions of {@code dma-iommu.c} that
 * work on it. What the domain can map is known at its first attach, so an allocator is made then.
 */
final class DmaCookie implements DomainCookie {
  private final Iommu iommu;
  private final IommuDomain.Paging domain;
  private final DmaServices services;
  private final MsiPages msiPages = new MsiPages();
  private final long windowStart;

  /** The last iova that may be handed out; all ones if only the domain limits them. */
  private final long windowEnd;

  private @Nullable IovaCaches iovas;
  private long granuleMask;

  /** Null in strict mode. */
  private @Nullable FlushQueue queue;

  // Kept between unmaps so that an unmap allocates nothing.
  private @Nullable IotlbGather spareGather;

  DmaCookie(Iommu iommu, IommuDomain.Paging domain, DmaServices services) {
    this(iommu, domain, services, 0, 0);
  }

  /**
   * Makes a cookie that hands out the iovas of a window.
   *
   * @param sizeBytes 0 for all that the domain maps
   */
  DmaCookie(
      Iommu iommu,
      IommuDomain.Paging domain,
      DmaServices services,
      long windowStart,
      long sizeBytes) {
    this.windowStart = windowStart;
    this.windowEnd = sizeBytes == 0 ? -1L : windowStart + sizeBytes - 1;
    this.iommu = iommu;
    this.domain = domain;
    this.services = services;
  }

  // ---- making it ready

  /** Returns whether {@link #init} has succeeded. */
  boolean isReady() {
    return iovas != null;
  }

  /**
   * Makes the domain usable for {@code device}. Kernel: {@code iommu_dma_init_domain()}.
   *
   * @throws ErrnoException EFAULT if the device does not reach what the domain maps, or was given
   *     other iovas before; EINVAL while the domain does not know what it can map
   */
  void init(Device device) throws ErrnoException {
    long bitmap = domain.pgsizeBitmap();
    if (bitmap == 0) {
      throw EINVAL.because("the domain has no page sizes before its first attach");
    }
    int shift = Long.numberOfTrailingZeros(PageSizes.smallest(bitmap));
    IommuGeometry geometry = domain.geometry();
    checkRanges(device, geometry);
    long first = Math.max(geometry.apertureStart() >>> shift, windowStart >>> shift);
    long startPfn = Math.max(1, first);
    if (iovas != null) {
      IovaDomain made = iovas.domain();
      if (made.granuleShift() != shift || made.startPfn() != startPfn) {
        throw EFAULT.because("the domain hands out other iovas already");
      }
      return;
    }
    granuleMask = (1L << shift) - 1;
    Scheduler scheduler = services.scheduler();
    iovas =
        new IovaCaches(new IovaDomain(shift, startPfn), scheduler, services.cpus(), scheduler::cpu);
    initQueue(device);
    reserve(device, iovas.domain());
  }

  /**
   * From the first to the last window of the bus, some of it must be what the domain maps. As in
   * the kernel, what lies between windows does not count, nor which memory they show: the IOMMU is
   * in their place. How far they reach limits iovas, see {@link #takeIova}.
   */
  private static void checkRanges(Device device, IommuGeometry geometry) throws ErrnoException {
    long first = -1L;
    long last = 0;
    for (DmaRange range : device.dma().ranges()) {
      first = unsignedMin(first, range.dmaStart());
      long end = range.dmaStart() + range.sizeBytes() - 1;
      last = Long.compareUnsigned(end, last) > 0 ? end : last;
    }
    boolean isBeside =
        Long.compareUnsigned(first, geometry.apertureEnd()) > 0
            || Long.compareUnsigned(last, geometry.apertureStart()) < 0;
    if (isBeside && !device.dma().ranges().isEmpty()) {
      throw EFAULT.because("specified DMA range outside IOMMU capability");
    }
  }

  /** Lazy mode, if the domain is to be lazy and the IOMMU can. */
  private void initQueue(Device device) {
    if (domain.type() != DomainType.DMA_FQ) {
      return;
    }
    if (!iommu.capable(device, IommuCap.DEFERRED_FLUSH)) {
      domain.makeStrict();
      return;
    }
    startQueue();
  }

  /** From now on unmaps are queued. Kernel: {@code iommu_dma_init_fq()}. */
  void startQueue() {
    Scheduler scheduler = services.scheduler();
    queue =
        new FlushQueue(
            ready(),
            () -> iommu.flushIotlbAll(domain),
            scheduler,
            services.worker(),
            FlushQueue.Options.PER_CPU,
            services.cpus(),
            scheduler::cpu);
  }

  /** Kernel: {@code iova_reserve_iommu_regions()}. */
  private void reserve(Device device, IovaDomain in) {
    for (ReservedRegion region : iommu.reservedRegions(device)) {
      if (region.kind() == ReservedRegion.Kind.SW_MSI) {
        continue; // we are the software that may put doorbells anywhere
      }
      in.reserve(region.start() >>> in.granuleShift(), region.end() >>> in.granuleShift());
      if (region.kind() == ReservedRegion.Kind.MSI) {
        long start = region.start() & ~granuleMask;
        for (long at = start; at <= region.end(); at += granuleMask + 1) {
          msiPages.add(at, at); // hardware does not translate these
        }
      }
    }
  }

  /** The domain is going. */
  void close() {
    if (queue != null) {
      queue.close();
    }
  }

  // ---- iovas

  /** Kernel: {@code iommu_dma_alloc_iova()}. */
  private long takeIova(Device device, long sizeBytes, long mask) {
    IovaCaches from = ready();
    long limit = unsignedMin(mask, windowEnd);
    long busLimit = device.dma().busLimit();
    if (busLimit != 0) {
      limit = unsignedMin(limit, busLimit);
    }
    IommuGeometry geometry = domain.geometry();
    if (geometry.forceAperture()) {
      limit = unsignedMin(limit, geometry.apertureEnd());
    }
    if (services.faults().shouldFail(Site.IOVA)) {
      return IovaDomain.NONE;
    }
    int shift = from.domain().granuleShift();
    return from.alloc(sizeBytes >>> shift, limit >>> shift, true) << shift;
  }

  private static long unsignedMin(long one, long other) {
    return Long.compareUnsigned(one, other) < 0 ? one : other;
  }

  private void giveBackIova(long iova, long sizeBytes) {
    IovaCaches to = ready();
    int shift = to.domain().granuleShift();
    to.free(iova >>> shift, sizeBytes >>> shift);
  }

  private IovaCaches ready() {
    checkState(iovas != null, "the domain was not made ready");
    return iovas;
  }

  // ---- mappings

  /** The granule of iovas less one. */
  long granuleMask() {
    return granuleMask;
  }

  /** One bit for each size of leaf. */
  long pgsizeBitmap() {
    return domain.pgsizeBitmap();
  }

  /** The physical address behind {@code dmaAddress}; 0 if nothing is mapped there. */
  long toPa(long dmaAddress) {
    return iommu.iovaToPhys(domain, dmaAddress);
  }

  /**
   * Maps a run of memory, in whole granules. Kernel: {@code __iommu_dma_map()}.
   *
   * @param mask how far the device reaches
   * @return the address of the run's first byte
   * @throws ErrnoException ENOMEM if there is no iova; what {@link Iommu#map} says
   */
  long map(Device device, long pa, long sizeBytes, int prot, long mask) throws ErrnoException {
    long inGranule = pa & granuleMask;
    long length = wholeGranules(sizeBytes + inGranule);
    long iova = takeIova(device, length, mask);
    if (iova == NO_IOVA) {
      throw noIova(device, length, mask);
    }
    try {
      iommu.map(domain, iova, pa - inGranule, length, prot);
    } catch (ErrnoException e) {
      giveBackIova(iova, length);
      throw e;
    }
    return iova + inGranule;
  }

  /**
   * Maps all pieces of a list in one run of iovas. Kernel: {@code iommu_dma_map_sg()}.
   *
   * @return the first iova
   */
  long map(Device device, ScatterList list, SgLayout layout, int prot, long mask)
      throws ErrnoException {
    long length = layout.length();
    long iova = takeIova(device, length, mask);
    if (iova == NO_IOVA) {
      throw noIova(device, length, mask);
    }
    long mapped = 0; // what lies below has been mapped; the run from there on has not
    long offset = 0;
    long runPa = 0;
    try {
      for (int i = 0; i < list.count(); i++) {
        long pa = layout.pa(i);
        if (pa != runPa + offset - mapped) {
          mapped = mapRun(iova, mapped, offset, runPa, prot);
          runPa = pa;
        }
        offset += layout.length(i, offset);
      }
      var _ = mapRun(iova, mapped, offset, runPa, prot);
    } catch (ErrnoException e) {
      if (mapped > 0) {
        var _ = iommu.unmap(domain, iova, mapped);
      }
      giveBackIova(iova, length);
      throw e;
    }
    return iova;
  }

  private long mapRun(long iova, long from, long to, long pa, int prot) throws ErrnoException {
    if (to > from) {
      iommu.map(domain, iova + from, pa, to - from, prot);
    }
    return to;
  }

  private static ErrnoException noIova(Device device, long length, long mask) {
    return ENOMEM.because("no 0x%x bytes of iovas below 0x%x for %s", length, mask, device.name());
  }

  /** The bytes of the granules that {@code bytes} take up. */
  long wholeGranules(long bytes) {
    return (bytes + granuleMask) & ~granuleMask;
  }

  /**
   * Refuses memory that shares a granule with other pages: the device would reach them. The kernel
   * does not get as far, as {@code init_iova_domain()} is a {@code BUG_ON()} for a granule above
   * the CPU's page.
   *
   * @throws ErrnoException EINVAL unless a granule is at most a page, or the run is whole granules
   */
  void checkNeighbours(long pa, long sizeBytes) throws ErrnoException {
    if (granuleMask >= PAGE_SIZE && ((pa | sizeBytes) & granuleMask) != 0) {
      throw EINVAL.because(
          "0x%x bytes at pa 0x%x share a granule of 0x%x with other pages",
          sizeBytes, pa, granuleMask + 1);
    }
  }

  /**
   * Unmaps what one map mapped. In lazy mode the device may reach it until the queue is flushed.
   * Kernel: {@code __iommu_dma_unmap()}.
   */
  void unmap(Device device, long dmaAddress, long sizeBytes) {
    long inGranule = dmaAddress & granuleMask;
    long iova = dmaAddress - inGranule;
    long length = wholeGranules(sizeBytes + inGranule);
    IotlbGather gather = takeGather();
    gather.setQueued(queue != null);
    long unmapped = iommu.unmapFast(domain, iova, length, gather);
    if (unmapped != length) {
      device.warn("WARNING: unmapped 0x%x of 0x%x bytes at 0x%x", unmapped, length, iova);
    }
    if (queue == null) {
      gather.syncTo(domain);
    }
    gather.reset();
    spareGather = gather;
    if (queue == null) {
      giveBackIova(iova, length);
    } else {
      int shift = ready().domain().granuleShift();
      queue.queue(iova >>> shift, length >>> shift);
    }
  }

  private IotlbGather takeGather() {
    IotlbGather gather = spareGather;
    spareGather = null;
    return gather == null ? new IotlbGather() : gather;
  }

  // ---- doorbells

  @Override
  public MsiPages msiPages() {
    return msiPages;
  }

  @Override
  public long msiPageBytes() {
    return granuleMask + 1;
  }

  @Override
  public long takeMsiIova(Device device) {
    return takeIova(device, msiPageBytes(), device.dma().mask());
  }

  @Override
  public void giveBackMsiIova(long iova) {
    giveBackIova(iova, msiPageBytes());
  }
}
