package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_fb_cmd}: a framebuffer of one plane, by depth. */
public record ModeFbCmd(
    int fbId, int width, int height, int pitch, int bpp, int depth, int handle) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_fb_cmd",
          U32.withName("fb_id"),
          U32.withName("width"),
          U32.withName("height"),
          U32.withName("pitch"),
          U32.withName("bpp"),
          U32.withName("depth"),
          U32.withName("handle"));

  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long WIDTH = offsetof(LAYOUT, "width");
  private static final long HEIGHT = offsetof(LAYOUT, "height");
  private static final long PITCH = offsetof(LAYOUT, "pitch");
  private static final long BPP = offsetof(LAYOUT, "bpp");
  private static final long DEPTH = offsetof(LAYOUT, "depth");
  private static final long HANDLE = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static ModeFbCmd read(MemorySegment memory, long at) {
    return new ModeFbCmd(
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + WIDTH),
        memory.get(U32, at + HEIGHT),
        memory.get(U32, at + PITCH),
        memory.get(U32, at + BPP),
        memory.get(U32, at + DEPTH),
        memory.get(U32, at + HANDLE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + WIDTH, width);
    memory.set(U32, at + HEIGHT, height);
    memory.set(U32, at + PITCH, pitch);
    memory.set(U32, at + BPP, bpp);
    memory.set(U32, at + DEPTH, depth);
    memory.set(U32, at + HANDLE, handle);
  }
}
