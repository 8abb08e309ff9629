package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_auth}: a number by which a file is vouched for. */
public record DrmAuth(int magic) {
  public static final StructLayout LAYOUT = struct("drm_auth", U32.withName("magic"));

  private static final long MAGIC = offsetof(LAYOUT, "magic");

  /** Decodes the struct at {@code at}. */
  public static DrmAuth read(MemorySegment memory, long at) {
    return new DrmAuth(memory.get(U32, at + MAGIC));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + MAGIC, magic);
  }
}
