package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_list_lessees}: the leases that the file has given. */
public record ModeListLessees(int countLessees, int pad, long lesseesPtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_list_lessees",
          U32.withName("count_lessees"),
          U32.withName("pad"),
          U64.withName("lessees_ptr"));

  private static final long COUNT_LESSEES = offsetof(LAYOUT, "count_lessees");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long LESSEES_PTR = offsetof(LAYOUT, "lessees_ptr");

  /** Decodes the struct at {@code at}. */
  public static ModeListLessees read(MemorySegment memory, long at) {
    return new ModeListLessees(
        memory.get(U32, at + COUNT_LESSEES),
        memory.get(U32, at + PAD),
        memory.get(U64, at + LESSEES_PTR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + COUNT_LESSEES, countLessees);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + LESSEES_PTR, lesseesPtr);
  }
}
