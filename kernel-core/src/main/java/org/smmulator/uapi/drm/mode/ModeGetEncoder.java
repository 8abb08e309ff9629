package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_get_encoder}: an encoder.
 *
 * @param encoderType one of {@code TYPE_*}
 */
public record ModeGetEncoder(
    int encoderId, int encoderType, int crtcId, int possibleCrtcs, int possibleClones) {
  public static final int TYPE_NONE = 0;

  /** HDMI, DVI, embedded DisplayPort. */
  public static final int TYPE_TMDS = 2;

  public static final int TYPE_LVDS = 3;

  public static final int TYPE_VIRTUAL = 5;

  public static final int TYPE_DSI = 6;

  public static final int TYPE_DPI = 8;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_encoder",
          U32.withName("encoder_id"),
          U32.withName("encoder_type"),
          U32.withName("crtc_id"),
          U32.withName("possible_crtcs"),
          U32.withName("possible_clones"));

  private static final long ENCODER_ID = offsetof(LAYOUT, "encoder_id");
  private static final long ENCODER_TYPE = offsetof(LAYOUT, "encoder_type");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long POSSIBLE_CRTCS = offsetof(LAYOUT, "possible_crtcs");
  private static final long POSSIBLE_CLONES = offsetof(LAYOUT, "possible_clones");

  /** Decodes the struct at {@code at}. */
  public static ModeGetEncoder read(MemorySegment memory, long at) {
    return new ModeGetEncoder(
        memory.get(U32, at + ENCODER_ID),
        memory.get(U32, at + ENCODER_TYPE),
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + POSSIBLE_CRTCS),
        memory.get(U32, at + POSSIBLE_CLONES));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + ENCODER_ID, encoderId);
    memory.set(U32, at + ENCODER_TYPE, encoderType);
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + POSSIBLE_CRTCS, possibleCrtcs);
    memory.set(U32, at + POSSIBLE_CLONES, possibleClones);
  }
}
