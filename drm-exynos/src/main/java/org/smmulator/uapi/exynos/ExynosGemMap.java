package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_gem_map}: asks where a buffer can be mapped.
 *
 * @param handle the buffer's
 * @param reserved of no meaning
 * @param offset to pass to mmap
 */
public record ExynosGemMap(int handle, int reserved, long offset) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_gem_map",
          U32.withName("handle"),
          U32.withName("reserved"),
          U64.withName("offset"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long OFFSET_OFFSET = offsetof(LAYOUT, "offset");

  /** Decodes the struct at {@code at}. */
  public static ExynosGemMap read(MemorySegment memory, long at) {
    return new ExynosGemMap(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + RESERVED_OFFSET),
        memory.get(U64, at + OFFSET_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + RESERVED_OFFSET, reserved);
    memory.set(U64, at + OFFSET_OFFSET, offset);
  }
}
