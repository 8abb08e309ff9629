package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_gem_flink}: a buffer by handle, and its name for everybody as the answer. */
public record DrmGemFlink(int handle, int name) {
  public static final StructLayout LAYOUT =
      struct("drm_gem_flink", U32.withName("handle"), U32.withName("name"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long NAME = offsetof(LAYOUT, "name");

  /** Decodes the struct at {@code at}. */
  public static DrmGemFlink read(MemorySegment memory, long at) {
    return new DrmGemFlink(memory.get(U32, at + HANDLE), memory.get(U32, at + NAME));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + NAME, name);
  }
}
