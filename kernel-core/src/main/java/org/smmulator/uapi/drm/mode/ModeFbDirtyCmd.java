package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_fb_dirty_cmd}: what of a framebuffer was drawn. */
public record ModeFbDirtyCmd(int fbId, int flags, int color, int numClips, long clipsPtr) {
  public static final int ANNOTATE_COPY = 1;

  public static final int ANNOTATE_FILL = 2;

  public static final int MAX_CLIPS = 256;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_fb_dirty_cmd",
          U32.withName("fb_id"),
          U32.withName("flags"),
          U32.withName("color"),
          U32.withName("num_clips"),
          U64.withName("clips_ptr"));

  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long COLOR = offsetof(LAYOUT, "color");
  private static final long NUM_CLIPS = offsetof(LAYOUT, "num_clips");
  private static final long CLIPS_PTR = offsetof(LAYOUT, "clips_ptr");

  /** Decodes the struct at {@code at}. */
  public static ModeFbDirtyCmd read(MemorySegment memory, long at) {
    return new ModeFbDirtyCmd(
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + COLOR),
        memory.get(U32, at + NUM_CLIPS),
        memory.get(U64, at + CLIPS_PTR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + COLOR, color);
    memory.set(U32, at + NUM_CLIPS, numClips);
    memory.set(U64, at + CLIPS_PTR, clipsPtr);
  }
}
