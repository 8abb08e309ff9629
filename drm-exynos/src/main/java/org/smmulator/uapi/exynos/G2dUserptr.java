package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_userptr}: memory of the caller's.
 *
 * @param userptr where it starts
 * @param size in bytes
 */
public record G2dUserptr(long userptr, long size) {
  public static final StructLayout LAYOUT =
      struct("drm_exynos_g2d_userptr", U64.withName("userptr"), U64.withName("size"));

  public static final long USERPTR_OFFSET = offsetof(LAYOUT, "userptr");
  public static final long SIZE_OFFSET = offsetof(LAYOUT, "size");

  /** Decodes the struct at {@code at}. */
  public static G2dUserptr read(MemorySegment memory, long at) {
    return new G2dUserptr(memory.get(U64, at + USERPTR_OFFSET), memory.get(U64, at + SIZE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + USERPTR_OFFSET, userptr);
    memory.set(U64, at + SIZE_OFFSET, size);
  }
}
