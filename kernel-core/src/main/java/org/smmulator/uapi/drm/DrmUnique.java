package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_unique}: the name of a device; its length is the answer, whether it fits or
 * not.
 *
 * @param uniqueLen in bytes, the room and then the length
 * @param unique points to the room
 */
public record DrmUnique(long uniqueLen, long unique) {
  public static final StructLayout LAYOUT =
      struct("drm_unique", U64.withName("unique_len"), U64.withName("unique"));

  /** The offset of {@link #uniqueLen}, which the kernel answers in. */
  public static final long UNIQUE_LEN_OFFSET = offsetof(LAYOUT, "unique_len");

  private static final long UNIQUE = offsetof(LAYOUT, "unique");

  /** Decodes the struct at {@code at}. */
  public static DrmUnique read(MemorySegment memory, long at) {
    return new DrmUnique(memory.get(U64, at + UNIQUE_LEN_OFFSET), memory.get(U64, at + UNIQUE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + UNIQUE_LEN_OFFSET, uniqueLen);
    memory.set(U64, at + UNIQUE, unique);
  }
}
