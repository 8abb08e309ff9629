package org.smmulator.drm.msm.bind;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gpuvm.VaRange;
import org.smmulator.drm.msm.gem.MsmGemObject;

/**
 * A change of a pagetable that is yet to be made. It holds a reference to the buffer, whose pages
 * so outlive what is mapped of them. Kernel: {@code struct msm_vm_op}.
 */
sealed interface TableOp {
  VaRange range();

  @Nullable MsmGemObject buffer();

  /** Map bytes of a buffer. */
  record Map(VaRange range, MsmGemObject buffer, long offset) implements TableOp {}

  /** Unmap what is there. */
  record Unmap(VaRange range, @Nullable MsmGemObject buffer) implements TableOp {}
}
