package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_cpu_fini}: ends the CPU's access to a buffer.
 *
 * @param handle the GEM handle
 */
public record GemCpuFini(int handle) {
  public static final StructLayout LAYOUT = struct("drm_msm_gem_cpu_fini", U32.withName("handle"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static GemCpuFini read(MemorySegment memory, long at) {
    return new GemCpuFini(memory.get(U32, at + HANDLE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
  }
}
