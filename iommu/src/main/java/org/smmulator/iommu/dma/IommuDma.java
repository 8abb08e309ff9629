package org.smmulator.iommu.dma;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.primitives.ImmutableLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DmaLayer;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CacheSync;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.dma.Swiotlb;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.trace.Dmesg;

/**
 * The DMA API over an IOMMU: DMA addresses are iovas of a domain.
 *
 * <p>Kernel: {@code drivers/iommu/dma-iommu.c}. The core says which devices use it ({@link
 * #setUp}); a {@link DomainLookup} says which domain a call maps into. Where that is none with
 * addresses to hand out, memory is reached directly.
 */
public final class IommuDma implements DmaOps, DmaLayer {
  /** An allocator for a domain that its owner never meant for the DMA API. */
  private record Uninvited(IommuDomain domain, DmaCookie cookie) {}

  private final DmaOps direct;
  private final Supplier<Iommu> iommu;
  private final DomainLookup lookup;
  private final DmaServices services;
  private final CoherentPages coherent;
  private final StreamingMemory streaming;
  private final Dmesg dmesg;
  private boolean warnedOfAlignment;

  /**
   * Makes the layer of a machine.
   *
   * @param direct for calls that go past IOMMUs
   * @param pool what unaligned memory of untrusted devices and small buffers are bounced through;
   *     null for none
   * @param iommu the core, which needs this layer first
   * @param lookup one side of an argument: {@code dma.iommu-lookup}
   * @param cpus how many CPUs have caches of iovas
   */
  public IommuDma(
      DmaOps direct,
      @Nullable Swiotlb pool,
      Supplier<Iommu> iommu,
      DomainLookup lookup,
      KernelServices kernel,
      int cpus) {
    this.direct = direct;
    this.iommu = iommu;
    this.lookup = lookup;
    this.services =
        new DmaServices(
            kernel.scheduler(),
            new Workqueue(kernel.scheduler(), "kworker/u:iova"),
            cpus,
            kernel.faults());
    this.coherent = new CoherentPages(kernel.pages());
    this.streaming = new StreamingMemory(new CacheSync(kernel.pages().cpu().cache()), pool);
    this.dmesg = kernel.dmesg();
  }

  // ---- which devices, which domains

  @Override
  public void adopt(IommuDomain.Paging domain) throws ErrnoException {
    domain.setCookie(new DmaCookie(iommu.get(), domain, services));
  }

  @Override
  public void adopt(IommuDomain.Paging domain, long startIova, long sizeBytes)
      throws ErrnoException {
    domain.setCookie(new DmaCookie(iommu.get(), domain, services, startIova, sizeBytes));
  }

  @Override
  public void release(IommuDomain.Paging domain) {
    DmaCookie cookie = domain.cookie(DmaCookie.class);
    if (cookie != null) {
      cookie.close();
      domain.clearCookie();
    }
  }

  @Override
  public void makeLazy(IommuDomain.Paging domain) throws ErrnoException {
    DmaCookie cookie = domain.cookie(DmaCookie.class);
    if (cookie == null || !cookie.isReady()) {
      throw EINVAL.because("nobody hands out addresses of the domain");
    }
    domain.makeLazy();
    cookie.startQueue();
  }

  /** {@inheritDoc} If that fails the device keeps mapping directly, and the log says so. */
  @Override
  public void setUp(Device device, IommuDomain domain) {
    tearDown(device);
    DmaCookie cookie = adopted(domain);
    if (cookie == null) {
      return;
    }
    try {
      cookie.init(device);
      device.attach(DmaOps.class, this);
    } catch (ErrnoException e) {
      dmesg.warn("%s", e.getMessage());
      dmesg.warn("Failed to set up IOMMU for device %s; retaining platform DMA ops", device.name());
    }
  }

  @Override
  public void tearDown(Device device) {
    if (equals(device.find(DmaOps.class))) {
      device.detach(DmaOps.class);
    }
  }

  private static @Nullable DmaCookie adopted(@Nullable IommuDomain domain) {
    return domain instanceof IommuDomain.Paging paging ? paging.cookie(DmaCookie.class) : null;
  }

  /**
   * The domain that a call for {@code device} maps into; null if it is direct.
   *
   * <p>A lookup of the attached domain can find one that is its owner's to map. The kernel of 2017
   * followed a null pointer there; here the domain gets an allocator that knows nothing of the
   * owner's mappings, so that the two can be seen to collide.
   *
   * @throws ErrnoException EINVAL, EFAULT if the domain cannot be used by the device
   */
  private @Nullable DmaCookie cookieFor(Device device) throws ErrnoException {
    IommuGroup group = iommu.get().groupOf(device);
    IommuDomain domain = group == null ? null : lookup.domainOf(group, services.scheduler());
    if (!(domain instanceof IommuDomain.Paging paging)) {
      return null;
    }
    DmaCookie cookie = paging.cookie(DmaCookie.class);
    if (cookie == null) {
      cookie = uninvited(device, paging);
    }
    if (!cookie.isReady()) {
      cookie.init(device);
    }
    return cookie;
  }

  private DmaCookie uninvited(Device device, IommuDomain.Paging domain) {
    Uninvited known = device.find(Uninvited.class);
    if (known == null || !known.domain().equals(domain)) {
      device.detach(Uninvited.class);
      known = new Uninvited(domain, new DmaCookie(iommu.get(), domain, services));
      device.attach(Uninvited.class, known);
    }
    return known.cookie();
  }

  /** The cookie for a call that cannot fail and follows one that did not. */
  private @Nullable DmaCookie cookieAgain(Device device) {
    try {
      return cookieFor(device);
    } catch (ErrnoException e) {
      throw new IllegalStateException("a domain was mapped into and cannot be now", e);
    }
  }

  // ---- one run

  /** {@inheritDoc} Kernel: {@code iommu_dma_map_phys()}. */
  @Override
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    try {
      DmaCookie cookie = cookieFor(device);
      if (cookie == null) {
        return direct.mapPage(device, pa, sizeBytes, direction, attrs);
      }
      if (isTooStrict(device, cookie)) {
        return MAPPING_ERROR;
      }
      long under = streaming.take(device, cookie, pa, sizeBytes, direction, attrs);
      return under == MAPPING_ERROR
          ? MAPPING_ERROR
          : mapTaken(device, cookie, under, sizeBytes, direction, attrs);
    } catch (ErrnoException e) {
      return MAPPING_ERROR;
    }
  }

  /** Kernel: the {@code dev_WARN_ONCE()} in {@code __iommu_dma_map()}. */
  private boolean isTooStrict(Device device, DmaCookie cookie) {
    boolean isTooStrict =
        Long.compareUnsigned(device.dma().minAlignMask(), cookie.granuleMask()) > 0;
    if (isTooStrict && !warnedOfAlignment) {
      warnedOfAlignment = true;
      device.warn("Unsupported alignment constraint");
    }
    return isTooStrict;
  }

  private long mapTaken(
      Device device,
      DmaCookie cookie,
      long under,
      long sizeBytes,
      DmaDirection direction,
      int attrs)
      throws ErrnoException {
    try {
      int prot = DmaProt.of(device, direction, attrs);
      cookie.checkNeighbours(under, sizeBytes);
      return cookie.map(device, under, sizeBytes, prot, device.dma().mask());
    } catch (ErrnoException e) {
      streaming.release(device, under, sizeBytes, direction);
      throw e;
    }
  }

  /** {@inheritDoc} Kernel: {@code iommu_dma_unmap_phys()}. */
  @Override
  public void unmapPage(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
    DmaCookie cookie = cookieAgain(device);
    if (cookie == null) {
      direct.unmapPage(device, dmaAddress, sizeBytes, direction, attrs);
      return;
    }
    long under = cookie.toPa(dmaAddress);
    if (under == 0) {
      device.warn("WARNING: iommu_dma_unmap_phys: nothing is mapped at 0x%x", dmaAddress);
      return;
    }
    streaming.handBack(device, cookie, dmaAddress, sizeBytes, direction, attrs);
    cookie.unmap(device, dmaAddress, sizeBytes);
    streaming.release(device, under, sizeBytes, direction);
  }

  // ---- lists

  /**
   * {@inheritDoc} Kernel: {@code iommu_dma_map_sg()}.
   *
   * @throws ErrnoException EIO if pieces are mapped one by one and one of them is not; ENOMEM if
   *     there is no room for the list; EINVAL for anything else
   */
  @Override
  public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    DmaCookie cookie = cookieFor(device);
    if (cookie == null) {
      direct.mapSg(device, list, direction, attrs);
      return;
    }
    if (list.count() == 0) {
      return;
    }
    if (streaming.mapsOneByOne(device, cookie, list, direction)) {
      mapOneByOne(device, list, direction, attrs);
      return;
    }
    SgLayout layout = new SgLayout(list, cookie.granuleMask(), device.dma().segmentBoundary());
    int prot = DmaProt.of(device, direction, attrs);
    try {
      for (int i = 0; i < list.count(); i++) {
        cookie.checkNeighbours(list.pa(i), list.length(i));
      }
      long iova = cookie.map(device, list, layout, prot, device.dma().mask());
      layout.finish(iova, device.dma().maxSegmentSize());
      streaming.take(device, list, direction, attrs);
    } catch (ErrnoException e) {
      switch (e.errno()) {
        case ENOMEM, EREMOTEIO -> throw e;
        default -> throw EINVAL.because("%s", e.getMessage());
      }
    }
  }

  /** Kernel: {@code iommu_dma_map_sg_swiotlb()}. */
  private void mapOneByOne(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    for (int i = 0; i < list.count(); i++) {
      long dmaAddress = mapPage(device, list.pa(i), list.length(i), direction, attrs);
      if (dmaAddress == MAPPING_ERROR) {
        unmapOneByOne(device, list, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
        throw EIO.because("%s: 0x%x bytes are not mapped", device.name(), list.length(i));
      }
      list.addMapped(dmaAddress, list.length(i));
    }
  }

  private void unmapOneByOne(Device device, ScatterList list, DmaDirection direction, int attrs) {
    for (int i = 0; i < list.mappedCount(); i++) {
      unmapPage(device, list.dmaAddress(i), list.dmaLength(i), direction, attrs);
    }
    list.clearMapped();
  }

  /** {@inheritDoc} Kernel: {@code iommu_dma_unmap_sg()}. */
  @Override
  public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    DmaCookie cookie = cookieAgain(device);
    if (cookie == null) {
      direct.unmapSg(device, list, direction, attrs);
      return;
    }
    if (streaming.mapsOneByOne(device, cookie, list, direction)) {
      unmapOneByOne(device, list, direction, attrs);
      return;
    }
    streaming.handBack(device, list, direction, attrs);
    int last = list.mappedCount() - 1;
    if (last >= 0) {
      long start = list.dmaAddress(0);
      cookie.unmap(device, start, list.dmaAddress(last) + list.dmaLength(last) - start);
    }
    list.clearMapped();
  }

  // ---- coherent memory

  /**
   * {@inheritDoc} In pieces, unless that is refused or one page will do. Kernel: {@code
   * iommu_dma_alloc()}.
   */
  @Override
  public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
      throws ErrnoException {
    DmaCookie cookie = cookieFor(device);
    if (cookie == null) {
      return direct.allocCoherent(device, sizeBytes, attrs);
    }
    int prot = DmaProt.of(device, DmaDirection.BIDIRECTIONAL, attrs);
    coherent.check(device, sizeBytes);
    boolean inOne = (attrs & DmaAttr.FORCE_CONTIGUOUS) != 0 || sizeBytes <= PAGE_SIZE;
    try {
      return inOne
          ? allocInOne(cookie, device, sizeBytes, prot)
          : allocInPieces(cookie, device, sizeBytes, prot);
    } catch (ErrnoException e) {
      throw ENOMEM.because("%s", e.getMessage());
    }
  }

  private CoherentBuffer allocInOne(DmaCookie cookie, Device device, long sizeBytes, int prot)
      throws ErrnoException {
    long ownBytes = cookie.wholeGranules(sizeBytes); // the device reaches all of a granule
    long pa = coherent.allocRun(device, ownBytes);
    try {
      long dmaAddress = cookie.map(device, pa, ownBytes, prot, device.dma().coherentMask());
      return new CoherentBuffer(pa, dmaAddress, sizeBytes);
    } catch (ErrnoException e) {
      coherent.freeRun(device, pa, ownBytes);
      throw e;
    }
  }

  /** Kernel: {@code iommu_dma_alloc_remap()}. */
  private CoherentBuffer allocInPieces(DmaCookie cookie, Device device, long sizeBytes, int prot)
      throws ErrnoException {
    ImmutableLongArray pages = coherent.alloc(device, sizeBytes, cookie.pgsizeBitmap());
    ScatterList list = CoherentPages.asList(pages);
    SgLayout layout = new SgLayout(list, PAGE_SIZE - 1, -1L);
    try {
      long iova = cookie.map(device, list, layout, prot, device.dma().coherentMask());
      return new CoherentBuffer(pages, iova, sizeBytes);
    } catch (ErrnoException e) {
      coherent.free(device, pages);
      throw e;
    }
  }

  @Override
  public void freeCoherent(Device device, CoherentBuffer buffer) {
    DmaCookie cookie = cookieAgain(device);
    if (cookie == null) {
      direct.freeCoherent(device, buffer);
      return;
    }
    cookie.unmap(device, buffer.dmaAddress(), buffer.sizeBytes());
    if (buffer.isInPieces()) {
      coherent.free(device, buffer.pages());
    } else {
      coherent.freeRun(device, buffer.pa(), cookie.wholeGranules(buffer.sizeBytes()));
    }
  }

  // ---- who sees what

  @Override
  public void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    DmaCookie cookie = cookieAgain(device);
    if (cookie == null) {
      direct.syncForCpu(device, dmaAddress, sizeBytes, direction);
    } else {
      streaming.forCpu(device, cookie, dmaAddress, sizeBytes, direction);
    }
  }

  @Override
  public void syncForDevice(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    DmaCookie cookie = cookieAgain(device);
    if (cookie == null) {
      direct.syncForDevice(device, dmaAddress, sizeBytes, direction);
    } else {
      streaming.forDevice(device, cookie, dmaAddress, sizeBytes, direction);
    }
  }
}
