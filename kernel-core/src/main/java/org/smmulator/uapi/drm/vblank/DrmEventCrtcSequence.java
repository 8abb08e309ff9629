package org.smmulator.uapi.drm.vblank;

import static org.smmulator.uapi.CStruct.S64;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_event_crtc_sequence}: the vblank has come that was asked for. */
public record DrmEventCrtcSequence(
    int type, int length, long userData, long timeNs, long sequence) {
  /** The type. */
  public static final int CRTC_SEQUENCE = 3;

  public static final StructLayout LAYOUT =
      struct(
          "drm_event_crtc_sequence",
          U32.withName("type"),
          U32.withName("length"),
          U64.withName("user_data"),
          S64.withName("time_ns"),
          U64.withName("sequence"));

  private static final long TYPE = offsetof(LAYOUT, "type");
  private static final long LENGTH = offsetof(LAYOUT, "length");
  private static final long USER_DATA = offsetof(LAYOUT, "user_data");
  private static final long TIME_NS = offsetof(LAYOUT, "time_ns");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");

  /** Decodes the struct at {@code at}. */
  public static DrmEventCrtcSequence read(MemorySegment memory, long at) {
    return new DrmEventCrtcSequence(
        memory.get(U32, at + TYPE),
        memory.get(U32, at + LENGTH),
        memory.get(U64, at + USER_DATA),
        memory.get(S64, at + TIME_NS),
        memory.get(U64, at + SEQUENCE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE, type);
    memory.set(U32, at + LENGTH, length);
    memory.set(U64, at + USER_DATA, userData);
    memory.set(S64, at + TIME_NS, timeNs);
    memory.set(U64, at + SEQUENCE, sequence);
  }
}
