package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaSettings;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/**
 * DMA without translation: the device uses physical addresses, as its bus shows them.
 *
 * <p>Kernel: {@code kernel/dma/direct.c}. What the device does not reach goes through a bounce
 * pool; without one the mapping fails. So do {@link SmallBuffers}, if there is one.
 */
public final class DmaDirect implements DmaOps {
  /** Which mappings go through the pool. Kernel: the {@code swiotlb=} parameter. */
  public enum Bounce {
    /** Those that the device does not reach, or would share a line of the caches in. */
    IF_NEEDED,
    /** All: {@code swiotlb=force}. */
    ALWAYS
  }

  private record Account(PageOwner owner) {}

  private final PageAllocator pages;
  private final CacheSync caches;
  private final @Nullable Swiotlb pool;
  private final Bounce bounce;
  private boolean warnedOfOverflow;

  /** Without a bounce pool. Takes coherent memory from {@code pages}, on an account per device. */
  public DmaDirect(PageAllocator pages) {
    this(pages, null, Bounce.IF_NEEDED);
  }

  /** With a bounce pool, if there is one. */
  public DmaDirect(PageAllocator pages, @Nullable Swiotlb pool, Bounce bounce) {
    this.pages = pages;
    this.caches = new CacheSync(pages.cpu().cache());
    this.pool = pool;
    this.bounce = bounce;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The allocator gives the lowest memory first, so unlike the kernel this need not try again in
   * a lower zone: if that is out of reach, so is the rest.
   */
  @Override
  public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
      throws ErrnoException {
    checkArgument(sizeBytes > 0, "size %s", sizeBytes);
    PageOwner owner = ownerFor(device);
    long count = pageCount(sizeBytes);
    long pa = pages.allocRun(count, owner);
    DmaSettings dma = device.dma();
    long dmaAddress = dma.toDma(pa);
    if (!dma.reaches(dma.coherentMask(), dmaAddress, sizeBytes)) {
      pages.freeRun(pa, count, owner);
      throw ENOMEM.because("%s does not reach pa 0x%x", device.name(), pa);
    }
    return new CoherentBuffer(pa, dmaAddress, sizeBytes);
  }

  @Override
  public void freeCoherent(Device device, CoherentBuffer buffer) {
    pages.freeRun(buffer.pa(), pageCount(buffer.sizeBytes()), ownerFor(device));
  }

  /** {@inheritDoc} Kernel: {@code dma_direct_map_phys()}. */
  @Override
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    DmaSettings dma = device.dma();
    boolean registers = (attrs & DmaAttr.MMIO) != 0;
    if (pool != null && bounce == Bounce.ALWAYS) {
      return registers
          ? MAPPING_ERROR
          : mapThroughPool(pool, device, pa, sizeBytes, direction, attrs);
    }
    long dmaAddress = registers ? pa : dma.toDma(pa);
    boolean reached = dma.reaches(dma.mask(), dmaAddress, sizeBytes);
    if (pool != null
        && !registers
        && (!reached || SmallBuffers.needBounce(device, sizeBytes, direction))) {
      return mapThroughPool(pool, device, pa, sizeBytes, direction, attrs);
    }
    if (reached) {
      if (!registers) {
        caches.mapped(device, pa, sizeBytes, direction, attrs);
      }
      return dmaAddress;
    }
    warnOfOverflow(device, "DMA", dmaAddress, sizeBytes);
    return MAPPING_ERROR;
  }

  /** Kernel: {@code swiotlb_map()}. */
  private long mapThroughPool(
      Swiotlb through, Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    long poolPa = through.map(device, pa, sizeBytes, 0, attrs);
    if (poolPa == MAPPING_ERROR) {
      return MAPPING_ERROR;
    }
    DmaSettings dma = device.dma();
    long dmaAddress = dma.toDma(poolPa);
    if (!dma.reaches(dma.mask(), dmaAddress, sizeBytes)) {
      through.unmap(device, poolPa, sizeBytes, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
      warnOfOverflow(device, "swiotlb", dmaAddress, sizeBytes);
      return MAPPING_ERROR;
    }
    caches.mapped(device, poolPa, sizeBytes, direction, attrs);
    return dmaAddress;
  }

  /** Kernel: {@code dma_direct_unmap_phys()}. */
  @Override
  public void unmapPage(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
    if ((attrs & DmaAttr.MMIO) != 0) {
      return;
    }
    if ((attrs & DmaAttr.SKIP_CPU_SYNC) == 0) {
      syncForCpu(device, dmaAddress, sizeBytes, direction);
    }
    long pa = device.dma().toPa(dmaAddress);
    if (pool != null && pool.contains(pa)) {
      pool.unmap(device, pa, sizeBytes, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
    }
  }

  @Override
  public void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    long pa = device.dma().toPa(dmaAddress);
    caches.forCpu(device, pa, sizeBytes, direction);
    if (pool != null && pool.contains(pa)) {
      pool.syncForCpu(device, pa, sizeBytes, direction);
    }
  }

  @Override
  public void syncForDevice(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    long pa = device.dma().toPa(dmaAddress);
    if (pool != null && pool.contains(pa)) {
      pool.syncForDevice(device, pa, sizeBytes, direction);
    }
    caches.forDevice(device, pa, sizeBytes, direction);
  }

  /**
   * {@inheritDoc} Kernel: {@code dma_direct_map_sg()}.
   *
   * @throws ErrnoException EIO if one of the pieces cannot be mapped
   */
  @Override
  public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    for (int i = 0; i < list.count(); i++) {
      long dmaAddress = mapPage(device, list.pa(i), list.length(i), direction, attrs);
      if (dmaAddress == MAPPING_ERROR) {
        unmapSg(device, list, direction, attrs);
        throw EIO.because("%s does not reach pa 0x%x", device.name(), list.pa(i));
      }
      list.addMapped(dmaAddress, list.length(i));
    }
  }

  /** Once for each machine, as the kernel's {@code dev_WARN_ONCE()}. */
  private void warnOfOverflow(Device device, String what, long dmaAddress, long sizeBytes) {
    if (!warnedOfOverflow) {
      warnedOfOverflow = true;
      device.warn(
          "%s addr 0x%016x+%d overflow (mask %x, bus limit %x).",
          what, dmaAddress, sizeBytes, device.dma().mask(), device.dma().busLimit());
    }
  }

  private static long pageCount(long sizeBytes) {
    return (sizeBytes + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  }

  private PageOwner ownerFor(Device device) {
    Account account = device.find(Account.class);
    if (account == null) {
      account =
          new Account(pages.owner(new Holder.OfDevice(device.name()), "dma", PageZone.KERNEL));
      device.attach(Account.class, account);
    }
    return account.owner();
  }
}
