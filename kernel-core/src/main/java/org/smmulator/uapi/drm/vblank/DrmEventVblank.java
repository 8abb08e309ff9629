package org.smmulator.uapi.drm.vblank;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_event_vblank}: a vblank has come, or a flip is complete.
 *
 * @param type {@link #VBLANK} or {@link #FLIP_COMPLETE}
 */
public record DrmEventVblank(
    int type, int length, long userData, int tvSec, int tvUsec, int sequence, int crtcId) {
  public static final int VBLANK = 1;

  public static final int FLIP_COMPLETE = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_event_vblank",
          U32.withName("type"),
          U32.withName("length"),
          U64.withName("user_data"),
          U32.withName("tv_sec"),
          U32.withName("tv_usec"),
          U32.withName("sequence"),
          U32.withName("crtc_id"));

  private static final long TYPE = offsetof(LAYOUT, "type");
  private static final long LENGTH = offsetof(LAYOUT, "length");
  private static final long USER_DATA = offsetof(LAYOUT, "user_data");
  private static final long TV_SEC = offsetof(LAYOUT, "tv_sec");
  private static final long TV_USEC = offsetof(LAYOUT, "tv_usec");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");

  /** Decodes the struct at {@code at}. */
  public static DrmEventVblank read(MemorySegment memory, long at) {
    return new DrmEventVblank(
        memory.get(U32, at + TYPE),
        memory.get(U32, at + LENGTH),
        memory.get(U64, at + USER_DATA),
        memory.get(U32, at + TV_SEC),
        memory.get(U32, at + TV_USEC),
        memory.get(U32, at + SEQUENCE),
        memory.get(U32, at + CRTC_ID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE, type);
    memory.set(U32, at + LENGTH, length);
    memory.set(U64, at + USER_DATA, userData);
    memory.set(U32, at + TV_SEC, tvSec);
    memory.set(U32, at + TV_USEC, tvUsec);
    memory.set(U32, at + SEQUENCE, sequence);
    memory.set(U32, at + CRTC_ID, crtcId);
  }
}
