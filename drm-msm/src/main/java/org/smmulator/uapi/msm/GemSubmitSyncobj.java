package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_syncobj}: a syncobj to wait for or to signal. Before VM_BIND the kernel
 * called it {@code drm_msm_gem_submit_syncobj}.
 *
 * @param handle the syncobj handle
 * @param flags {@link #RESET} or zero
 * @param point the point of a timeline; zero for a binary syncobj
 */
public record GemSubmitSyncobj(int handle, int flags, long point) {
  /** Reset the syncobj after the wait. */
  public static final int RESET = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_submit_syncobj",
          U32.withName("handle"),
          U32.withName("flags"),
          U64.withName("point"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long POINT_OFFSET = offsetof(LAYOUT, "point");

  /** Decodes the struct at {@code at}. */
  public static GemSubmitSyncobj read(MemorySegment memory, long at) {
    return new GemSubmitSyncobj(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U64, at + POINT_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U64, at + POINT_OFFSET, point);
  }
}
