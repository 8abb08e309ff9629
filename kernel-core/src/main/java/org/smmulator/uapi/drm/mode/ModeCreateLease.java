package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_create_lease}: makes a file that is the master of some objects. */
public record ModeCreateLease(long objectIds, int objectCount, int flags, int lesseeId, int fd) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_create_lease",
          U64.withName("object_ids"),
          U32.withName("object_count"),
          U32.withName("flags"),
          U32.withName("lessee_id"),
          U32.withName("fd"));

  private static final long OBJECT_IDS = offsetof(LAYOUT, "object_ids");
  private static final long OBJECT_COUNT = offsetof(LAYOUT, "object_count");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long LESSEE_ID = offsetof(LAYOUT, "lessee_id");
  private static final long FD = offsetof(LAYOUT, "fd");

  /** Decodes the struct at {@code at}. */
  public static ModeCreateLease read(MemorySegment memory, long at) {
    return new ModeCreateLease(
        memory.get(U64, at + OBJECT_IDS),
        memory.get(U32, at + OBJECT_COUNT),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + LESSEE_ID),
        memory.get(U32, at + FD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + OBJECT_IDS, objectIds);
    memory.set(U32, at + OBJECT_COUNT, objectCount);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + LESSEE_ID, lesseeId);
    memory.set(U32, at + FD, fd);
  }
}
