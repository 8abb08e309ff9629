package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_closefb}: forgets a framebuffer, which may be shown on. */
public record ModeCloseFb(int fbId, int pad) {
  public static final StructLayout LAYOUT =
      struct("drm_mode_closefb", U32.withName("fb_id"), U32.withName("pad"));

  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static ModeCloseFb read(MemorySegment memory, long at) {
    return new ModeCloseFb(memory.get(U32, at + FB_ID), memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + PAD, pad);
  }
}
