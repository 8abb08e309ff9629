package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_create}: a sync object to make, and its handle as the answer.
 *
 * @param flags a mask of {@link #SIGNALED}
 */
public record DrmSyncobjCreate(int handle, int flags) {
  /** {@code DRM_SYNCOBJ_CREATE_SIGNALED}. */
  public static final int SIGNALED = 1;

  public static final StructLayout LAYOUT =
      struct("drm_syncobj_create", U32.withName("handle"), U32.withName("flags"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long FLAGS = offsetof(LAYOUT, "flags");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjCreate read(MemorySegment memory, long at) {
    return new DrmSyncobjCreate(memory.get(U32, at + HANDLE), memory.get(U32, at + FLAGS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + FLAGS, flags);
  }
}
