package org.smmulator.uapi.drm.vblank;

import static org.smmulator.uapi.CStruct.S64;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_crtc_get_sequence}: the last vblank of a CRTC. */
public record CrtcGetSequence(int crtcId, int active, long sequence, long sequenceNs) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_crtc_get_sequence",
          U32.withName("crtc_id"),
          U32.withName("active"),
          U64.withName("sequence"),
          S64.withName("sequence_ns"));

  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long ACTIVE = offsetof(LAYOUT, "active");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");
  private static final long SEQUENCE_NS = offsetof(LAYOUT, "sequence_ns");

  /** Decodes the struct at {@code at}. */
  public static CrtcGetSequence read(MemorySegment memory, long at) {
    return new CrtcGetSequence(
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + ACTIVE),
        memory.get(U64, at + SEQUENCE),
        memory.get(S64, at + SEQUENCE_NS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + ACTIVE, active);
    memory.set(U64, at + SEQUENCE, sequence);
    memory.set(S64, at + SEQUENCE_NS, sequenceNs);
  }
}
