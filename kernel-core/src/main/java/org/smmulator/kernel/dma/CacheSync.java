package org.smmulator.kernel.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.mm.CpuCache;

/**
 * Keeps the CPUs' caches and a device that does not snoop them of one mind.
 *
 * <p>Kernel: {@code arch/arm64/mm/dma-mapping.c}. For a coherent device there is nothing to do: its
 * accesses find what the CPUs have. Nothing happens where caches are not modelled.
 */
public final class CacheSync {
  private final @Nullable CpuCache cache;

  /** Null stands for caches that are not modelled. */
  public CacheSync(@Nullable CpuCache cache) {
    this.cache = cache;
  }

  /**
   * Memory was mapped with {@code attrs}, bits of {@link DmaAttr}: hands it to {@code device},
   * unless the caller does that himself.
   */
  public void mapped(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    if ((attrs & DmaAttr.SKIP_CPU_SYNC) == 0) {
      forDevice(device, pa, sizeBytes, direction);
    }
  }

  /** Hands memory to {@code device}. Kernel: {@code arch_sync_dma_for_device()}. */
  public void forDevice(Device device, long pa, long sizeBytes, DmaDirection direction) {
    if (cache != null && !device.dma().isCoherent()) {
      cache.toDevice(pa, sizeBytes, device.name(), direction != DmaDirection.TO_DEVICE);
    }
  }

  /** Hands memory back to the CPUs. Kernel: {@code arch_sync_dma_for_cpu()}. */
  public void forCpu(Device device, long pa, long sizeBytes, DmaDirection direction) {
    if (cache != null && !device.dma().isCoherent()) {
      cache.toCpu(pa, sizeBytes, direction != DmaDirection.TO_DEVICE);
    }
  }
}
