package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_crtc}: what a CRTC shows, and on which connectors.
 *
 * @param x where in the framebuffer the picture begins
 * @param modeValid 1 if {@code mode} counts
 */
public record ModeCrtc(
    long setConnectorsPtr,
    int countConnectors,
    int crtcId,
    int fbId,
    int x,
    int y,
    int gammaSize,
    int modeValid,
    ModeInfo mode) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_crtc",
          U64.withName("set_connectors_ptr"),
          U32.withName("count_connectors"),
          U32.withName("crtc_id"),
          U32.withName("fb_id"),
          U32.withName("x"),
          U32.withName("y"),
          U32.withName("gamma_size"),
          U32.withName("mode_valid"),
          ModeInfo.LAYOUT.withName("mode"));

  private static final long SET_CONNECTORS_PTR = offsetof(LAYOUT, "set_connectors_ptr");
  private static final long COUNT_CONNECTORS = offsetof(LAYOUT, "count_connectors");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long X = offsetof(LAYOUT, "x");
  private static final long Y = offsetof(LAYOUT, "y");
  private static final long GAMMA_SIZE = offsetof(LAYOUT, "gamma_size");
  private static final long MODE_VALID = offsetof(LAYOUT, "mode_valid");
  private static final long MODE = offsetof(LAYOUT, "mode");

  /** Decodes the struct at {@code at}. */
  public static ModeCrtc read(MemorySegment memory, long at) {
    return new ModeCrtc(
        memory.get(U64, at + SET_CONNECTORS_PTR),
        memory.get(U32, at + COUNT_CONNECTORS),
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + X),
        memory.get(U32, at + Y),
        memory.get(U32, at + GAMMA_SIZE),
        memory.get(U32, at + MODE_VALID),
        ModeInfo.read(memory, at + MODE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + SET_CONNECTORS_PTR, setConnectorsPtr);
    memory.set(U32, at + COUNT_CONNECTORS, countConnectors);
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + X, x);
    memory.set(U32, at + Y, y);
    memory.set(U32, at + GAMMA_SIZE, gammaSize);
    memory.set(U32, at + MODE_VALID, modeValid);
    mode.write(memory, at + MODE);
  }
}
