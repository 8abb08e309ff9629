package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_gem_info}: asks how a buffer was made.
 *
 * @param handle the buffer's
 * @param flags as in {@link ExynosGemCreate}
 * @param size in bytes
 */
public record ExynosGemInfo(int handle, int flags, long size) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_gem_info",
          U32.withName("handle"),
          U32.withName("flags"),
          U64.withName("size"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long SIZE_OFFSET = offsetof(LAYOUT, "size");

  /** Decodes the struct at {@code at}. */
  public static ExynosGemInfo read(MemorySegment memory, long at) {
    return new ExynosGemInfo(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U64, at + SIZE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U64, at + SIZE_OFFSET, size);
  }
}
