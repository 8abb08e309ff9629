package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_get_lease}: the objects of the file's lease. */
public record ModeGetLease(int countObjects, int pad, long objectsPtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_lease",
          U32.withName("count_objects"),
          U32.withName("pad"),
          U64.withName("objects_ptr"));

  private static final long COUNT_OBJECTS = offsetof(LAYOUT, "count_objects");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long OBJECTS_PTR = offsetof(LAYOUT, "objects_ptr");

  /** Decodes the struct at {@code at}. */
  public static ModeGetLease read(MemorySegment memory, long at) {
    return new ModeGetLease(
        memory.get(U32, at + COUNT_OBJECTS),
        memory.get(U32, at + PAD),
        memory.get(U64, at + OBJECTS_PTR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + COUNT_OBJECTS, countObjects);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + OBJECTS_PTR, objectsPtr);
  }
}
