package org.smmulator.drm.gem;

/**
 * An object in one address space, as far as the object knows it: {@code drm.gpuvm} has the whole.
 * Kernel: {@code drm_gpuvm_bo.list.entry.gem}.
 */
public interface GemVmBo {
  /**
   * Notes that the object's memory is gone, or there again. The caller holds its reservation.
   * Kernel: {@code drm_gpuvm_bo_evict()}.
   */
  void setEvicted(boolean evicted);
}
