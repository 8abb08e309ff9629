package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_gem_create}: makes a buffer.
 *
 * @param size in bytes, rounded up to pages
 * @param flags a mask of {@link #NONCONTIG}, {@link #CACHABLE} and {@link #WC}
 * @param handle the new buffer's
 */
public record ExynosGemCreate(long size, int flags, int handle) {
  /** {@code EXYNOS_BO_NONCONTIG}: the memory may be in pieces. */
  public static final int NONCONTIG = 1;

  /** {@code EXYNOS_BO_CACHABLE}. */
  public static final int CACHABLE = 1 << 1;

  /** {@code EXYNOS_BO_WC}: write-combined, whatever {@link #CACHABLE} says. */
  public static final int WC = 1 << 2;

  /** {@code EXYNOS_BO_MASK}. */
  public static final int MASK = NONCONTIG | CACHABLE | WC;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_gem_create",
          U64.withName("size"),
          U32.withName("flags"),
          U32.withName("handle"));

  public static final long SIZE_OFFSET = offsetof(LAYOUT, "size");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static ExynosGemCreate read(MemorySegment memory, long at) {
    return new ExynosGemCreate(
        memory.get(U64, at + SIZE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + HANDLE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + SIZE_OFFSET, size);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + HANDLE_OFFSET, handle);
  }
}
