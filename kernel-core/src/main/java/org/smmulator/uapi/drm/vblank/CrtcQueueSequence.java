package org.smmulator.uapi.drm.vblank;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_crtc_queue_sequence}: asks for an event at a vblank. */
public record CrtcQueueSequence(int crtcId, int flags, long sequence, long userData) {
  public static final int RELATIVE = 1;

  /** The next one, if that has passed. */
  public static final int NEXT_ON_MISS = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_crtc_queue_sequence",
          U32.withName("crtc_id"),
          U32.withName("flags"),
          U64.withName("sequence"),
          U64.withName("user_data"));

  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");
  private static final long USER_DATA = offsetof(LAYOUT, "user_data");

  /** Decodes the struct at {@code at}. */
  public static CrtcQueueSequence read(MemorySegment memory, long at) {
    return new CrtcQueueSequence(
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + FLAGS),
        memory.get(U64, at + SEQUENCE),
        memory.get(U64, at + USER_DATA));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U64, at + SEQUENCE, sequence);
    memory.set(U64, at + USER_DATA, userData);
  }
}
