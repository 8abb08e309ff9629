package org.smmulator.drm.gpuvm;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemObject;

/** A step of what a request does to an address space. Kernel: {@code struct drm_gpuva_op}. */
public sealed interface GpuVaOp {
  /**
   * Map this; also a request to do so. Kernel: {@code struct drm_gpuva_op_map}, {@code struct
   * drm_gpuvm_map_req}.
   *
   * @param range where
   * @param object what; null for addresses that have nothing behind them
   * @param offset from which byte of the object on
   */
  record Map(VaRange range, @Nullable GemObject object, long offset) implements GpuVaOp {}

  /**
   * Unmap this mapping and keep its ends. Kernel: {@code struct drm_gpuva_op_remap}.
   *
   * @param prev what stays before the request; null if nothing does
   * @param next what stays behind it; null if nothing does
   */
  record Remap(@Nullable Map prev, @Nullable Map next, Unmap unmap) implements GpuVaOp {
    /**
     * The addresses that are mapped no more. Kernel: {@code drm_gpuva_op_remap_to_unmap_range()}.
     */
    public VaRange unmapped() {
      VaRange whole = unmap.va.range();
      return VaRange.between(
          prev == null ? whole.start() : prev.range.end(),
          next == null ? whole.end() : next.range.start());
    }
  }

  /**
   * Unmap this mapping. Kernel: {@code struct drm_gpuva_op_unmap}.
   *
   * @param keep the request maps the same bytes at these addresses: the table's entries may stay
   */
  record Unmap(GpuVa va, boolean keep) implements GpuVaOp {}

  /** Bring in what this mapping stands for. Kernel: {@code struct drm_gpuva_op_prefetch}. */
  record Prefetch(GpuVa va) implements GpuVaOp {}
}
