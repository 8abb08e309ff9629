package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaSettings;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

/**
 * DMA without translation: the device uses physical addresses, as the bus shows them and as far as
 * it reaches.
 *
 * <p>Kernel: {@code kernel/dma/direct.c}. Unmapping has nothing to undo.
 */
public final class DmaDirect implements DmaOps {
  private record Account(PageOwner owner) {}

  private final PageAllocator pages;

  /** Takes coherent memory from {@code pages}, on an account of each device. */
  public DmaDirect(PageAllocator pages) {
    this.pages = pages;
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
    long dmaAddress = dma.toDma(pa);
    return dma.reaches(dma.mask(), dmaAddress, sizeBytes) ? dmaAddress : MAPPING_ERROR;
  }

  @Override
  public void unmapPage(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {}

  /** Nothing to do: CPU caches are not modelled. */
  @Override
  public void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}

  @Override
  public void syncForDevice(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}

  /**
   * {@inheritDoc} Kernel: {@code dma_direct_map_sg()}.
   *
   * @throws ErrnoException EIO if the device does not reach one of the pieces
   */
  @Override
  public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    for (int i = 0; i < list.count(); i++) {
      long dmaAddress = mapPage(device, list.pa(i), list.length(i), direction, attrs);
      if (dmaAddress == MAPPING_ERROR) {
        list.clearMapped();
        throw EIO.because("%s does not reach pa 0x%x", device.name(), list.pa(i));
      }
      list.addMapped(dmaAddress, list.length(i));
    }
  }

  @Override
  public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    list.clearMapped();
  }

  private static long pageCount(long sizeBytes) {
    return (sizeBytes + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  }

  private PageOwner ownerFor(Device device) {
    Account account = device.find(Account.class);
    if (account == null) {
      account = new Account(pages.owner("dma of " + device.name(), PageZone.KERNEL));
      device.attach(Account.class, account);
    }
    return account.owner();
  }
}
