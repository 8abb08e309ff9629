package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_cursor}: the cursor of a CRTC.
 *
 * @param flags a mask of {@link #BO} and {@link #MOVE}
 */
public record ModeCursor(int flags, int crtcId, int x, int y, int width, int height, int handle) {
  /** Another picture. */
  public static final int BO = 1;

  /** Another place. */
  public static final int MOVE = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_cursor",
          U32.withName("flags"),
          U32.withName("crtc_id"),
          S32.withName("x"),
          S32.withName("y"),
          U32.withName("width"),
          U32.withName("height"),
          U32.withName("handle"));

  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long X = offsetof(LAYOUT, "x");
  private static final long Y = offsetof(LAYOUT, "y");
  private static final long WIDTH = offsetof(LAYOUT, "width");
  private static final long HEIGHT = offsetof(LAYOUT, "height");
  private static final long HANDLE = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static ModeCursor read(MemorySegment memory, long at) {
    return new ModeCursor(
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + CRTC_ID),
        memory.get(S32, at + X),
        memory.get(S32, at + Y),
        memory.get(U32, at + WIDTH),
        memory.get(U32, at + HEIGHT),
        memory.get(U32, at + HANDLE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(S32, at + X, x);
    memory.set(S32, at + Y, y);
    memory.set(U32, at + WIDTH, width);
    memory.set(U32, at + HEIGHT, height);
    memory.set(U32, at + HANDLE, handle);
  }
}
