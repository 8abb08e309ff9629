package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_crtc_page_flip_target}: shows another framebuffer from the next vblank.
 *
 * @param flags a mask of the constants here
 * @param sequence the vblank, for the targets
 */
public record ModeCrtcPageFlip(int crtcId, int fbId, int flags, int sequence, long userData) {
  /** Tell when. */
  public static final int EVENT = 1;

  /** At once, even torn. */
  public static final int ASYNC = 2;

  public static final int TARGET_ABSOLUTE = 4;

  public static final int TARGET_RELATIVE = 8;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_crtc_page_flip_target",
          U32.withName("crtc_id"),
          U32.withName("fb_id"),
          U32.withName("flags"),
          U32.withName("sequence"),
          U64.withName("user_data"));

  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long SEQUENCE = offsetof(LAYOUT, "sequence");
  private static final long USER_DATA = offsetof(LAYOUT, "user_data");

  /** Decodes the struct at {@code at}. */
  public static ModeCrtcPageFlip read(MemorySegment memory, long at) {
    return new ModeCrtcPageFlip(
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + SEQUENCE),
        memory.get(U64, at + USER_DATA));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + SEQUENCE, sequence);
    memory.set(U64, at + USER_DATA, userData);
  }
}
