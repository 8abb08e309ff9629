package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_rect}: a rectangle; the right and lower edges are outside. */
public record ModeRect(int x1, int y1, int x2, int y2) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_rect",
          S32.withName("x1"),
          S32.withName("y1"),
          S32.withName("x2"),
          S32.withName("y2"));

  private static final long X1 = offsetof(LAYOUT, "x1");
  private static final long Y1 = offsetof(LAYOUT, "y1");
  private static final long X2 = offsetof(LAYOUT, "x2");
  private static final long Y2 = offsetof(LAYOUT, "y2");

  /** Decodes the struct at {@code at}. */
  public static ModeRect read(MemorySegment memory, long at) {
    return new ModeRect(
        memory.get(S32, at + X1),
        memory.get(S32, at + Y1),
        memory.get(S32, at + X2),
        memory.get(S32, at + Y2));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(S32, at + X1, x1);
    memory.set(S32, at + Y1, y1);
    memory.set(S32, at + X2, x2);
    memory.set(S32, at + Y2, y2);
  }
}
