package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_madvise}: says whether a buffer's contents still matter.
 *
 * @param handle the GEM handle
 * @param madv {@link #WILLNEED} or {@link #DONTNEED}
 * @param retained out: whether the contents still exist
 */
public record GemMadvise(int handle, int madv, int retained) {
  public static final int WILLNEED = 0;
  public static final int DONTNEED = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_madvise",
          U32.withName("handle"),
          U32.withName("madv"),
          U32.withName("retained"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long MADV_OFFSET = offsetof(LAYOUT, "madv");
  public static final long RETAINED_OFFSET = offsetof(LAYOUT, "retained");

  /** Decodes the struct at {@code at}. */
  public static GemMadvise read(MemorySegment memory, long at) {
    return new GemMadvise(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + MADV_OFFSET),
        memory.get(U32, at + RETAINED_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + MADV_OFFSET, madv);
    memory.set(U32, at + RETAINED_OFFSET, retained);
  }
}
