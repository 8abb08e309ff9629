package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_unique}: the device's bus name.
 *
 * @param len the caller's room in bytes; in the answer, the name's length
 * @param ptr where the caller wants it
 */
public record DrmUnique(long len, long ptr) {
  public static final StructLayout LAYOUT =
      struct("drm_unique", U64.withName("unique_len"), U64.withName("unique"));

  private static final long LEN = offsetof(LAYOUT, "unique_len");
  private static final long PTR = offsetof(LAYOUT, "unique");

  /** Decodes the struct at {@code at}. */
  public static DrmUnique read(MemorySegment memory, long at) {
    return new DrmUnique(memory.get(U64, at + LEN), memory.get(U64, at + PTR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + LEN, len);
    memory.set(U64, at + PTR, ptr);
  }
}
