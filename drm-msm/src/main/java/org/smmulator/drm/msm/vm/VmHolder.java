package org.smmulator.drm.msm.vm;

import org.jspecify.annotations.Nullable;

/** An open file's state, as far as its buffers know it. Kernel: {@code struct msm_context}. */
public interface VmHolder {
  /** The file's address space; null if nothing needed it yet. */
  @Nullable MsmVm vmIfMade();
}
