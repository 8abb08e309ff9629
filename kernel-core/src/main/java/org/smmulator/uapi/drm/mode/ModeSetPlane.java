package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_set_plane}: shows a framebuffer on a plane.
 *
 * @param srcX in the framebuffer, 16.16 fixed point; so are the other sources
 */
public record ModeSetPlane(
    int planeId,
    int crtcId,
    int fbId,
    int flags,
    int crtcX,
    int crtcY,
    int crtcW,
    int crtcH,
    int srcX,
    int srcY,
    int srcH,
    int srcW) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_set_plane",
          U32.withName("plane_id"),
          U32.withName("crtc_id"),
          U32.withName("fb_id"),
          U32.withName("flags"),
          S32.withName("crtc_x"),
          S32.withName("crtc_y"),
          U32.withName("crtc_w"),
          U32.withName("crtc_h"),
          U32.withName("src_x"),
          U32.withName("src_y"),
          U32.withName("src_h"),
          U32.withName("src_w"));

  private static final long PLANE_ID = offsetof(LAYOUT, "plane_id");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long CRTC_X = offsetof(LAYOUT, "crtc_x");
  private static final long CRTC_Y = offsetof(LAYOUT, "crtc_y");
  private static final long CRTC_W = offsetof(LAYOUT, "crtc_w");
  private static final long CRTC_H = offsetof(LAYOUT, "crtc_h");
  private static final long SRC_X = offsetof(LAYOUT, "src_x");
  private static final long SRC_Y = offsetof(LAYOUT, "src_y");
  private static final long SRC_H = offsetof(LAYOUT, "src_h");
  private static final long SRC_W = offsetof(LAYOUT, "src_w");

  /** Decodes the struct at {@code at}. */
  public static ModeSetPlane read(MemorySegment memory, long at) {
    return new ModeSetPlane(
        memory.get(U32, at + PLANE_ID),
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + FLAGS),
        memory.get(S32, at + CRTC_X),
        memory.get(S32, at + CRTC_Y),
        memory.get(U32, at + CRTC_W),
        memory.get(U32, at + CRTC_H),
        memory.get(U32, at + SRC_X),
        memory.get(U32, at + SRC_Y),
        memory.get(U32, at + SRC_H),
        memory.get(U32, at + SRC_W));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + PLANE_ID, planeId);
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + FLAGS, flags);
    memory.set(S32, at + CRTC_X, crtcX);
    memory.set(S32, at + CRTC_Y, crtcY);
    memory.set(U32, at + CRTC_W, crtcW);
    memory.set(U32, at + CRTC_H, crtcH);
    memory.set(U32, at + SRC_X, srcX);
    memory.set(U32, at + SRC_Y, srcY);
    memory.set(U32, at + SRC_H, srcH);
    memory.set(U32, at + SRC_W, srcW);
  }
}
