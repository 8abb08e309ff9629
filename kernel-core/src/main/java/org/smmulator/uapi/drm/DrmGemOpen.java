package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_gem_open}: a buffer by name, and a handle to it as the answer.
 *
 * @param size in bytes, the answer too
 */
public record DrmGemOpen(int name, int handle, long size) {
  public static final StructLayout LAYOUT =
      struct("drm_gem_open", U32.withName("name"), U32.withName("handle"), U64.withName("size"));

  private static final long NAME = offsetof(LAYOUT, "name");
  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long SIZE = offsetof(LAYOUT, "size");

  /** Decodes the struct at {@code at}. */
  public static DrmGemOpen read(MemorySegment memory, long at) {
    return new DrmGemOpen(
        memory.get(U32, at + NAME), memory.get(U32, at + HANDLE), memory.get(U64, at + SIZE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + NAME, name);
    memory.set(U32, at + HANDLE, handle);
    memory.set(U64, at + SIZE, size);
  }
}
