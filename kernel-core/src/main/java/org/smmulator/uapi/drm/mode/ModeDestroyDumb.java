package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_destroy_dumb}: gives such a buffer back. */
public record ModeDestroyDumb(int handle) {
  public static final StructLayout LAYOUT = struct("drm_mode_destroy_dumb", U32.withName("handle"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static ModeDestroyDumb read(MemorySegment memory, long at) {
    return new ModeDestroyDumb(memory.get(U32, at + HANDLE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
  }
}
