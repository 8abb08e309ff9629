package org.smmulator.iommu.dma;

import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CacheSync;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.dma.SmallBuffers;
import org.smmulator.kernel.dma.Swiotlb;

/**
 * The memory under a streaming mapping: the caller's, or room in the bounce pool where a device
 * must not see what shares a granule with it, or would lose what it writes to a line that it shares
 * with a CPU. Hands it from CPU to device and back.
 *
 * <p>Kernel: {@code iommu_dma_map_swiotlb()} and the {@code iommu_dma_sync_*()}.
 */
final class StreamingMemory {
  private final CacheSync caches;
  private final @Nullable Swiotlb pool;

  StreamingMemory(CacheSync caches, @Nullable Swiotlb pool) {
    this.caches = caches;
    this.pool = pool;
  }

  /**
   * Returns whether a run goes through the pool: it is not whole granules, and the device is not
   * trusted or, if there is a pool, may share a line of the caches in it. Kernel: {@code
   * dev_use_swiotlb()}, {@code iova_unaligned()}.
   */
  private boolean bounces(
      Device device, DmaCookie cookie, long pa, long sizeBytes, DmaDirection direction) {
    return ((pa | sizeBytes) & cookie.granuleMask()) != 0
        && (device.dma().isUntrusted()
            || (pool != null && SmallBuffers.needBounce(device, sizeBytes, direction)));
  }

  /**
   * Returns whether the pieces of a list are mapped one by one, because any of them may bounce: all
   * lists of a device that is not trusted are. Kernel: {@code dev_use_sg_swiotlb()}.
   */
  boolean mapsOneByOne(Device device, DmaCookie cookie, ScatterList list, DmaDirection direction) {
    if (device.dma().isUntrusted()) {
      return true;
    }
    for (int i = 0; i < list.count(); i++) {
      if (bounces(device, cookie, list.pa(i), list.length(i), direction)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Prepares a run to be mapped, and hands it to the device.
   *
   * @return the physical address to map, or {@link org.smmulator.kernel.dma.DmaOps#MAPPING_ERROR}
   *     if it must bounce and cannot
   */
  long take(
      Device device, DmaCookie cookie, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    boolean registers = (attrs & DmaAttr.MMIO) != 0;
    long under = pa;
    if (bounces(device, cookie, pa, sizeBytes, direction)) {
      if (pool == null || registers) {
        return MAPPING_ERROR;
      }
      under = pool.map(device, pa, sizeBytes, cookie.granuleMask(), attrs);
      if (under == MAPPING_ERROR) {
        return MAPPING_ERROR;
      }
    }
    if (!registers) {
      caches.mapped(device, under, sizeBytes, direction, attrs);
    }
    return under;
  }

  /** Hands a run back to the CPU, before its mapping is gone. */
  void handBack(
      Device device,
      DmaCookie cookie,
      long dmaAddress,
      long sizeBytes,
      DmaDirection direction,
      int attrs) {
    if ((attrs & (DmaAttr.SKIP_CPU_SYNC | DmaAttr.MMIO)) == 0) {
      forCpu(device, cookie, dmaAddress, sizeBytes, direction);
    }
  }

  /** Frees room in the pool, if {@code under} is there; its mapping is gone. */
  void release(Device device, long under, long sizeBytes, DmaDirection direction) {
    if (pool != null && pool.contains(under)) {
      pool.unmap(device, under, sizeBytes, direction, DmaAttr.SKIP_CPU_SYNC);
    }
  }

  /** Hands the pieces of a list, none of which bounces, to the device. */
  void take(Device device, ScatterList list, DmaDirection direction, int attrs) {
    for (int i = 0; i < list.count(); i++) {
      caches.mapped(device, list.pa(i), list.length(i), direction, attrs);
    }
  }

  /** Hands the pieces of a list, none of which bounces, back to the CPU. */
  void handBack(Device device, ScatterList list, DmaDirection direction, int attrs) {
    for (int i = 0; (attrs & DmaAttr.SKIP_CPU_SYNC) == 0 && i < list.count(); i++) {
      caches.forCpu(device, list.pa(i), list.length(i), direction);
    }
  }

  /** Lets the CPU see what the device wrote. Pages that follow each other may lie apart. */
  void forCpu(
      Device device, DmaCookie cookie, long dmaAddress, long sizeBytes, DmaDirection direction) {
    for (long done = 0; done < sizeBytes; ) {
      long part = inPage(dmaAddress + done, sizeBytes - done);
      long under = cookie.toPa(dmaAddress + done);
      caches.forCpu(device, under, part, direction);
      if (pool != null && pool.contains(under)) {
        pool.syncForCpu(device, under, part, direction);
      }
      done += part;
    }
  }

  /** Lets the device see what the CPU wrote. */
  void forDevice(
      Device device, DmaCookie cookie, long dmaAddress, long sizeBytes, DmaDirection direction) {
    for (long done = 0; done < sizeBytes; ) {
      long part = inPage(dmaAddress + done, sizeBytes - done);
      long under = cookie.toPa(dmaAddress + done);
      if (pool != null && pool.contains(under)) {
        pool.syncForDevice(device, under, part, direction);
      }
      caches.forDevice(device, under, part, direction);
      done += part;
    }
  }

  private static long inPage(long address, long left) {
    return Math.min(left, PAGE_SIZE - (address & (PAGE_SIZE - 1)));
  }
}
