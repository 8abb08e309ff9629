package org.smmulator.iommu.smmuv3.queue;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv3.Queue;

/**
 * The memory of one queue, naturally aligned. Kernel: {@code struct arm_smmu_ll_queue} and the base
 * of {@code struct arm_smmu_queue}.
 *
 * @param pa physical address of the queue
 * @param log2Entries log2 of the number of entries
 */
public record ArmSmmuV3QueueMemory(long pa, int log2Entries, int entryBytes) {
  /**
   * Allocates the most entries that the hardware takes; halves them while memory is short. Kernel:
   * {@code arm_smmu_init_one_queue()}.
   *
   * @param name the queue's name in the log
   * @throws ErrnoException ENOMEM
   */
  public static ArmSmmuV3QueueMemory alloc(
      Device device, PageAllocator pages, String name, int mostLog2Entries, int entryBytes)
      throws ErrnoException {
    PageOwner owner = pages.owner(new Holder.OfDevice(device.name()), name, PageZone.KERNEL);
    int log2Entries = mostLog2Entries;
    long sizeBytes;
    while (true) {
      sizeBytes = (long) entryBytes << log2Entries;
      int order = order(sizeBytes);
      long pa = pages.tryAlloc(order, owner);
      if (pa != PageAllocator.NONE) {
        device.devres().add("free " + name, () -> pages.free(pa, order, owner));
        device.info("allocated %d entries for %s", 1 << log2Entries, name);
        return new ArmSmmuV3QueueMemory(pa, log2Entries, entryBytes);
      }
      if (sizeBytes < PageAllocator.PAGE_SIZE) {
        device.err("failed to allocate queue (0x%x bytes) for %s", sizeBytes, name);
        throw Errno.ENOMEM.because("no memory for %s", name);
      }
      log2Entries--;
    }
  }

  private static int order(long sizeBytes) {
    int log2 = Long.SIZE - 1 - Long.numberOfLeadingZeros(sizeBytes);
    return Math.max(log2 - PageAllocator.PAGE_SHIFT, 0);
  }

  /** The address of the entry that {@code pointer} indexes. */
  long entryPa(int pointer) {
    return pa + (long) Queue.index(pointer, log2Entries) * entryBytes;
  }

  /**
   * The value of the queue's BASE register.
   *
   * @param hint {@link Queue#BASE_RWA} or nothing
   */
  long base(long hint) {
    return hint | (pa & Queue.BASE_ADDR.mask()) | Queue.BASE_LOG2SIZE.of(log2Entries);
  }
}
