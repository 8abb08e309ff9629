package org.smmulator.script.kernel;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/** Pages that a driver allocated for its device: one run, or scattered as after a long uptime. */
public final class KernelPages extends DriverResource implements KernelMemory {
  private final PageAllocator allocator;
  private final PageOwner owner;
  private final long[] pas;
  private final boolean scattered;

  private KernelPages(PageAllocator allocator, PageOwner owner, long[] pas, boolean scattered) {
    this.allocator = allocator;
    this.owner = owner;
    this.pas = pas;
    this.scattered = scattered;
  }

  /**
   * Allocates pages in one run, zeroed.
   *
   * @throws ErrnoException ENOMEM
   */
  static KernelPages run(PageAllocator allocator, PageZone zone, Device device, int count)
      throws ErrnoException {
    PageOwner owner = ownerFor(allocator, zone, device);
    long first = allocator.allocRun(count, owner);
    long[] pas = new long[count];
    for (int i = 0; i < count; i++) {
      pas[i] = first + ((long) i << PAGE_SHIFT);
    }
    return new KernelPages(allocator, owner, pas, false).of(device);
  }

  /**
   * Allocates pages of which no two neighbours are neighbours in memory, zeroed: every second page
   * of a run, whose others go back.
   *
   * @throws ErrnoException ENOMEM
   */
  static KernelPages scattered(PageAllocator allocator, PageZone zone, Device device, int count)
      throws ErrnoException {
    PageOwner owner = ownerFor(allocator, zone, device);
    long first = allocator.allocRun(2L * count, owner);
    long[] pas = new long[count];
    for (int i = 0; i < count; i++) {
      long pair = first + ((long) i << (PAGE_SHIFT + 1));
      pas[i] = pair;
      allocator.free(pair + PAGE_SIZE, 0, owner);
    }
    return new KernelPages(allocator, owner, pas, true).of(device);
  }

  private static PageOwner ownerFor(PageAllocator allocator, PageZone zone, Device device) {
    return allocator.owner(new Holder.OfDevice(device.name()), "pages", zone);
  }

  private KernelPages of(Device device) {
    belongTo(device, "free pages");
    return this;
  }

  @Override
  public long paAt(long offset) {
    int page = (int) Math.clamp(offset >>> PAGE_SHIFT, 0, pas.length - 1L);
    return pas[page] + (offset - ((long) page << PAGE_SHIFT));
  }

  /** The pages as a list of their pieces. */
  public ScatterList list() {
    ScatterList list = new ScatterList();
    if (!scattered) {
      list.add(pas[0], (long) pas.length << PAGE_SHIFT);
      return list;
    }
    for (long pa : pas) {
      list.add(pa, PAGE_SIZE);
    }
    return list;
  }

  @Override
  protected void giveBack() {
    for (long pa : pas) {
      allocator.free(pa, 0, owner);
    }
  }
}
