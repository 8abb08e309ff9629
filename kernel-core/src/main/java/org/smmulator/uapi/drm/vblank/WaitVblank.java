package org.smmulator.uapi.drm.vblank;

import static org.smmulator.uapi.CStruct.S64;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code union drm_wait_vblank}: which vblank to wait for, and which one it was.
 *
 * @param type a mask of the constants here; the answer has it too
 * @param sequence the vblank's number
 * @param signalOrSec the request: what an event carries; the answer: seconds of its time
 * @param usec the answer: microseconds of its time
 */
public record WaitVblank(int type, int sequence, long signalOrSec, long usec) {
  /** {@code _DRM_VBLANK_RELATIVE}: the number counts from the last vblank. */
  public static final int RELATIVE = 1;

  /** {@code _DRM_VBLANK_HIGH_CRTC_MASK}: which CRTC, if not the first two. */
  public static final int HIGH_CRTC_MASK = 0x3e;

  public static final int HIGH_CRTC_SHIFT = 1;

  /** {@code _DRM_VBLANK_EVENT}: do not wait, tell by an event. */
  public static final int EVENT = 0x400_0000;

  /** {@code _DRM_VBLANK_NEXTONMISS}: the next one, if that has passed. */
  public static final int NEXT_ON_MISS = 0x1000_0000;

  /** {@code _DRM_VBLANK_SECONDARY}: the second CRTC. */
  public static final int SECONDARY = 0x2000_0000;

  /** {@code _DRM_VBLANK_SIGNAL}: gone. */
  public static final int SIGNAL = 0x4000_0000;

  /** {@code _DRM_VBLANK_FLAGS_MASK}. */
  public static final int FLAGS_MASK = EVENT | SIGNAL | SECONDARY | NEXT_ON_MISS;

  public static final StructLayout LAYOUT =
      struct(
          "drm_wait_vblank_reply",
          U32.withName("type"),
          U32.withName("sequence"),
          S64.withName("tval_sec"),
          S64.withName("tval_usec"));

  private static final long TYPE = offsetof(LAYOUT, "type");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");
  private static final long TVAL_SEC = offsetof(LAYOUT, "tval_sec");
  private static final long TVAL_USEC = offsetof(LAYOUT, "tval_usec");

  /** Decodes the struct at {@code at}. */
  public static WaitVblank read(MemorySegment memory, long at) {
    return new WaitVblank(
        memory.get(U32, at + TYPE),
        memory.get(U32, at + SEQUENCE),
        memory.get(S64, at + TVAL_SEC),
        memory.get(S64, at + TVAL_USEC));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE, type);
    memory.set(U32, at + SEQUENCE, sequence);
    memory.set(S64, at + TVAL_SEC, signalOrSec);
    memory.set(S64, at + TVAL_USEC, usec);
  }
}
