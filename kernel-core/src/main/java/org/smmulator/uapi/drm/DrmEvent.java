package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_event}: the beginning of what is read from a DRM file.
 *
 * @param type the kind; those from {@code 0x80000000} on are drivers'
 * @param length the bytes of the whole event, these eight among them
 */
public record DrmEvent(int type, int length) {
  public static final StructLayout LAYOUT =
      struct("drm_event", U32.withName("type"), U32.withName("length"));

  private static final long TYPE = offsetof(LAYOUT, "type");
  private static final long LENGTH = offsetof(LAYOUT, "length");

  /** Decodes the struct at {@code at}. */
  public static DrmEvent read(MemorySegment memory, long at) {
    return new DrmEvent(memory.get(U32, at + TYPE), memory.get(U32, at + LENGTH));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE, type);
    memory.set(U32, at + LENGTH, length);
  }
}
