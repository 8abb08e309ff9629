package org.smmulator.iommu.dma;

import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.primitives.ImmutableLongArray;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/**
 * Memory for coherent buffers, which an IOMMU lets be in pieces. On an account of each device.
 * Kernel: {@code __iommu_dma_alloc_pages()}.
 */
final class CoherentPages {
  private record Account(PageOwner owner) {}

  private final PageAllocator pages;

  CoherentPages(PageAllocator pages) {
    this.pages = pages;
  }

  /**
   * Refuses what no machine of this size can have, before anything is set aside for it.
   *
   * @throws ErrnoException ENOMEM
   */
  void check(Device device, long sizeBytes) throws ErrnoException {
    if (sizeBytes >>> PAGE_SHIFT > pages.capacityPages()) {
      throw ENOMEM.because("0x%x bytes for %s", sizeBytes, device.name());
    }
  }

  /** One run of whole pages. */
  long allocRun(Device device, long sizeBytes) throws ErrnoException {
    return pages.allocRun(pageCount(sizeBytes), ownerFor(device));
  }

  void freeRun(Device device, long pa, long sizeBytes) {
    pages.freeRun(pa, pageCount(sizeBytes), ownerFor(device));
  }

  /**
   * Pieces that the domain can map as leaves: each as large as possible, if there is memory.
   *
   * @param pgsizeBitmap the domain's sizes of leaves
   * @return the physical address of each page
   */
  ImmutableLongArray alloc(Device device, long sizeBytes, long pgsizeBitmap) throws ErrnoException {
    long sizes = pgsizeBitmap & -PAGE_SIZE;
    if ((pgsizeBitmap & (PAGE_SIZE - 1)) != 0) {
      sizes |= PAGE_SIZE;
    }
    long count = roundUp(sizeBytes, Long.lowestOneBit(sizes)) >>> PAGE_SHIFT;
    PageOwner owner = ownerFor(device);
    ImmutableLongArray.Builder found = ImmutableLongArray.builder((int) count);
    for (long done = 0; done < count; ) {
      int order = allocPiece(found, sizes, count - done, owner);
      if (order < 0) {
        free(device, found.build());
        throw ENOMEM.because("no %d pages for %s", count, device.name());
      }
      done += 1L << order;
    }
    return found.build();
  }

  /** Adds the pages of one piece and returns its order; negative if there is no memory. */
  private int allocPiece(
      ImmutableLongArray.Builder to, long sizes, long pagesLeft, PageOwner owner) {
    int largest = 63 - Long.numberOfLeadingZeros(pagesLeft);
    for (int order = Math.min(largest, PageAllocator.MAX_ORDER); order >= 0; order--) {
      if ((sizes & PAGE_SIZE << order) == 0) {
        continue;
      }
      long pa = pages.tryAlloc(order, owner);
      if (pa != PageAllocator.NONE) {
        for (long at = 0; at < 1L << order; at++) {
          to.add(pa + (at << PAGE_SHIFT));
        }
        return order;
      }
    }
    return -1;
  }

  void free(Device device, ImmutableLongArray found) {
    PageOwner owner = ownerFor(device);
    found.forEach(pa -> pages.free(pa, 0, owner));
  }

  /** The pages as a list to map. */
  static ScatterList asList(ImmutableLongArray found) {
    ScatterList list = new ScatterList();
    found.forEach(pa -> list.add(pa, PAGE_SIZE));
    return list;
  }

  private static long pageCount(long sizeBytes) {
    return roundUp(sizeBytes, PAGE_SIZE) >>> PAGE_SHIFT;
  }

  private static long roundUp(long bytes, long to) {
    return (bytes + to - 1) & -to;
  }

  private PageOwner ownerFor(Device device) {
    Account account = device.find(Account.class);
    if (account == null) {
      account =
          new Account(
              pages.owner(new Holder.OfDevice(device.name()), "iommu dma", PageZone.KERNEL));
      device.attach(Account.class, account);
    }
    return account.owner();
  }
}
