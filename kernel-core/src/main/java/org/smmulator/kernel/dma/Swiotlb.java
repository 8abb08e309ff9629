package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.util.Arrays;
import java.util.BitSet;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaSettings;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

/**
 * A pool in low memory, through which data goes that a device does not reach or must not see the
 * surroundings of.
 *
 * <p>Kernel: {@code kernel/dma/swiotlb.c}. The pool is slots of 2 KiB; a mapping is a run of them
 * within one segment of 128, so it is 256 KiB at most. The search goes on where the last one ended.
 *
 * <p>Not modelled: an area for each CPU, pools that grow, pools of one device ({@code
 * restricted-dma-pool}).
 */
public final class Swiotlb implements AutoCloseable {
  /** Kernel: {@code IO_TLB_SIZE}. */
  public static final int SLOT_BYTES = 1 << 11;

  /** Kernel: {@code IO_TLB_SEGSIZE}. */
  public static final int SEGMENT_SLOTS = 128;

  /** Kernel: {@code IO_TLB_DEFAULT_SIZE}. */
  public static final long DEFAULT_SIZE_BYTES = 64L << 20;

  private static final long FREE = -1;
  private static final int NOT_FOUND = -1;

  private final PageAllocator pages;
  private final CpuMemory cpu;
  private final PageOwner owner;
  private final long base;
  private final int slots;
  private final BitSet used;

  /** For each slot, which physical address its start stands for. */
  private final long[] originPa;

  /** For each slot, the pool's address at which its mapping ends. */
  private final long[] mappingEnd;

  private int next;
  private int usedSlots;
  private int mostUsedSlots;
  private boolean warnedOfOverflow;

  /**
   * Takes the pool's memory.
   *
   * @param sizeBytes whole segments of 256 KiB
   * @param limitPa the last physical address that the pool may have
   * @throws ErrnoException ENOMEM if there is no such run below the limit
   */
  public Swiotlb(PageAllocator pages, long sizeBytes, long limitPa) throws ErrnoException {
    checkArgument(
        sizeBytes > 0 && sizeBytes % (SLOT_BYTES * SEGMENT_SLOTS) == 0, "size %s", sizeBytes);
    this.pages = pages;
    this.cpu = pages.cpu();
    this.owner = pages.owner("swiotlb", PageZone.KERNEL);
    this.base = pages.allocRun(sizeBytes >>> PAGE_SHIFT, owner);
    this.slots = (int) (sizeBytes / SLOT_BYTES);
    this.used = new BitSet(slots);
    this.originPa = new long[slots];
    this.mappingEnd = new long[slots];
    Arrays.fill(originPa, FREE);
    if (Long.compareUnsigned(base + sizeBytes - 1, limitPa) > 0) {
      close();
      throw ENOMEM.because("no %d bytes below pa 0x%x", sizeBytes, limitPa);
    }
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    pages.freeRun(base, ((long) slots * SLOT_BYTES) >>> PAGE_SHIFT, owner);
  }

  /** Returns whether {@code pa} is in the pool. Kernel: {@code swiotlb_find_pool()}. */
  public boolean contains(long pa) {
    return pa >= base && pa < base + (long) slots * SLOT_BYTES;
  }

  /** How many slots there are. */
  public int totalSlots() {
    return slots;
  }

  /** How many slots are in use. */
  public int usedSlots() {
    return usedSlots;
  }

  /** How many slots were in use when most were. */
  public int mostUsedSlots() {
    return mostUsedSlots;
  }

  /**
   * Finds room for {@code sizeBytes} and copies what is at {@code pa} there, whatever the
   * direction: a device that writes only a part must not reveal what was in the pool before.
   * Kernel: {@code swiotlb_tbl_map_single()}.
   *
   * @param alignMask the low bits that are zero at the start of the room; what the room has in
   *     front of and behind the data, up to the next such border, is cleared for a device that is
   *     not trusted. 0 if there is no need
   * @param attrs {@link DmaAttr#NO_WARN} leaves out the line in the log
   * @return a physical address, or {@link DmaOps#MAPPING_ERROR} if the pool is full
   */
  public long map(Device device, long pa, long sizeBytes, long alignMask, int attrs) {
    DmaSettings dma = device.dma();
    long offset = pa & dma.minAlignMask() & (alignMask | (SLOT_BYTES - 1));
    long room = (sizeBytes + offset + alignMask) & ~alignMask;
    int count = (int) Math.min(slotsFor(room), Integer.MAX_VALUE);
    int first = find(dma, pa, alignMask, room, count);
    if (first == NOT_FOUND) {
      if ((attrs & DmaAttr.NO_WARN) == 0) {
        warnFull(device, room);
      }
      return MAPPING_ERROR;
    }
    long roomPa = slotPa(first);
    long poolPa = roomPa + offset;
    take(first, count, pa - offset, poolPa + sizeBytes);
    if (alignMask != 0 && dma.isUntrusted()) {
      clear(roomPa, offset);
      clear(poolPa + sizeBytes, roomPa + room - poolPa - sizeBytes);
    }
    cpu.copy(pa, poolPa, sizeBytes);
    return poolPa;
  }

  /**
   * Copies back what the device wrote, unless told not to, and frees the room. Kernel: {@code
   * swiotlb_tbl_unmap_single()}.
   */
  public void unmap(Device device, long poolPa, long sizeBytes, DmaDirection direction, int attrs) {
    if ((attrs & DmaAttr.SKIP_CPU_SYNC) == 0) {
      syncForCpu(device, poolPa, sizeBytes, direction);
    }
    int first = slotOf(poolPa);
    long end = mappingEnd[first];
    while (first > 0 && originPa[first - 1] != FREE && mappingEnd[first - 1] == end) {
      first--; // the room may begin slots before the data
    }
    for (int i = first; i < slots && originPa[i] != FREE && mappingEnd[i] == end; i++) {
      originPa[i] = FREE;
      used.clear(i);
      usedSlots--;
    }
  }

  /** Kernel: {@code swiotlb_sync_single_for_cpu()}. */
  public void syncForCpu(Device device, long poolPa, long sizeBytes, DmaDirection direction) {
    if (direction != DmaDirection.TO_DEVICE) {
      bounce(device, poolPa, sizeBytes, false);
    }
  }

  /** Kernel: {@code swiotlb_sync_single_for_device()}. */
  public void syncForDevice(Device device, long poolPa, long sizeBytes, DmaDirection direction) {
    if (direction != DmaDirection.FROM_DEVICE) {
      bounce(device, poolPa, sizeBytes, true);
    }
  }

  /** Kernel: {@code swiotlb_bounce()}. */
  private void bounce(Device device, long poolPa, long sizeBytes, boolean intoPool) {
    int slot = slotOf(poolPa);
    if (originPa[slot] == FREE) {
      return;
    }
    long left = mappingEnd[slot] - poolPa;
    if (sizeBytes > left && !warnedOfOverflow) {
      warnedOfOverflow = true; // once for each machine, as the kernel's dev_WARN_ONCE()
      device.warn(
          "Buffer overflow detected. Allocation size: %d. Mapping size: %d.", left, sizeBytes);
    }
    long bytes = Math.min(sizeBytes, left);
    long pa = originPa[slot] + (poolPa - slotPa(slot));
    if (intoPool) {
      cpu.copy(pa, poolPa, bytes);
    } else {
      cpu.copy(poolPa, pa, bytes);
    }
  }

  /** Kernel: {@code swiotlb_search_pool_area()}. */
  private int find(DmaSettings dma, long pa, long alignMask, long roomBytes, int count) {
    long keep = dma.minAlignMask() & ~(alignMask | (SLOT_BYTES - 1));
    long zero = alignMask;
    if (keep == 0 && zero == 0 && roomBytes >= PAGE_SIZE) {
      zero = PAGE_SIZE - 1; // a promise to drivers that is older than all masks
    }
    for (int tried = 0; tried < slots; tried++) {
      int first = next + tried < slots ? next + tried : next + tried - slots;
      long at = slotPa(first);
      if ((at & zero & -SLOT_BYTES) == 0
          && (at & keep) == (pa & keep)
          && first % SEGMENT_SLOTS + (long) count <= SEGMENT_SLOTS
          && isFree(first, count)
          && isWithinBoundary(dma, at, roomBytes)) {
        return first;
      }
    }
    return NOT_FOUND;
  }

  private boolean isFree(int first, int count) {
    int busy = used.nextSetBit(first);
    return busy < 0 || busy >= first + count;
  }

  private static boolean isWithinBoundary(DmaSettings dma, long pa, long sizeBytes) {
    long first = dma.toDma(pa);
    return ((first ^ (first + sizeBytes - 1)) & ~dma.segmentBoundary()) == 0;
  }

  private void take(int first, int count, long pa, long end) {
    used.set(first, first + count);
    usedSlots += count;
    mostUsedSlots = Math.max(mostUsedSlots, usedSlots);
    for (int i = 0; i < count; i++) {
      originPa[first + i] = pa + (long) i * SLOT_BYTES;
      mappingEnd[first + i] = end;
    }
    next = first + count < slots ? first + count : 0;
  }

  private void clear(long pa, long sizeBytes) {
    for (long i = 0; i < sizeBytes; i++) {
      cpu.store(pa + i, 1, 0);
    }
  }

  private void warnFull(Device device, long sizeBytes) {
    device.warnRatelimited(
        "swiotlb_tbl_map_single",
        "swiotlb buffer is full (sz: %d bytes), total %d (slots), used %d (slots)",
        sizeBytes,
        slots,
        usedSlots());
  }

  private static long slotsFor(long sizeBytes) {
    return (sizeBytes + SLOT_BYTES - 1) / SLOT_BYTES;
  }

  private long slotPa(int slot) {
    return base + (long) slot * SLOT_BYTES;
  }

  private int slotOf(long pa) {
    return (int) ((pa - base) / SLOT_BYTES);
  }
}
