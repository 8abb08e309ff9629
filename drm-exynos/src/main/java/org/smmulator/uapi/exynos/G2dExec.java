package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_exec}: runs the lists of the file.
 *
 * @param async whether the call returns before they are done
 */
public record G2dExec(long async) {
  public static final StructLayout LAYOUT = struct("drm_exynos_g2d_exec", U64.withName("async"));

  public static final long ASYNC_OFFSET = offsetof(LAYOUT, "async");

  /** Decodes the struct at {@code at}. */
  public static G2dExec read(MemorySegment memory, long at) {
    return new G2dExec(memory.get(U64, at + ASYNC_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + ASYNC_OFFSET, async);
  }
}
