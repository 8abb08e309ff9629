package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_syncobj_destroy}: the handle of a sync object to give back. */
public record DrmSyncobjDestroy(int handle, int pad) {
  public static final StructLayout LAYOUT =
      struct("drm_syncobj_destroy", U32.withName("handle"), U32.withName("pad"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjDestroy read(MemorySegment memory, long at) {
    return new DrmSyncobjDestroy(memory.get(U32, at + HANDLE), memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + PAD, pad);
  }
}
