package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_set_client_name}: a name that people see in fdinfo.
 *
 * @param nameLen in bytes, without a NUL
 * @param name points to it
 */
public record DrmSetClientName(long nameLen, long name) {
  public static final StructLayout LAYOUT =
      struct("drm_set_client_name", U64.withName("name_len"), U64.withName("name"));

  private static final long NAME_LEN = offsetof(LAYOUT, "name_len");
  private static final long NAME = offsetof(LAYOUT, "name");

  /** Decodes the struct at {@code at}. */
  public static DrmSetClientName read(MemorySegment memory, long at) {
    return new DrmSetClientName(memory.get(U64, at + NAME_LEN), memory.get(U64, at + NAME));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + NAME_LEN, nameLen);
    memory.set(U64, at + NAME, name);
  }
}
