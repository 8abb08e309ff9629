package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_crtc_lut}: the gamma ramp of a CRTC. */
public record ModeCrtcLut(int crtcId, int gammaSize, long red, long green, long blue) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_crtc_lut",
          U32.withName("crtc_id"),
          U32.withName("gamma_size"),
          U64.withName("red"),
          U64.withName("green"),
          U64.withName("blue"));

  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long GAMMA_SIZE = offsetof(LAYOUT, "gamma_size");
  private static final long RED = offsetof(LAYOUT, "red");
  private static final long GREEN = offsetof(LAYOUT, "green");
  private static final long BLUE = offsetof(LAYOUT, "blue");

  /** Decodes the struct at {@code at}. */
  public static ModeCrtcLut read(MemorySegment memory, long at) {
    return new ModeCrtcLut(
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + GAMMA_SIZE),
        memory.get(U64, at + RED),
        memory.get(U64, at + GREEN),
        memory.get(U64, at + BLUE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + GAMMA_SIZE, gammaSize);
    memory.set(U64, at + RED, red);
    memory.set(U64, at + GREEN, green);
    memory.set(U64, at + BLUE, blue);
  }
}
