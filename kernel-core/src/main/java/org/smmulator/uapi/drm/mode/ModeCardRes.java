package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_card_res}: the objects of a device.
 *
 * @param fbIdPtr room for {@code countFbs} ids of the file's own framebuffers
 */
public record ModeCardRes(
    long fbIdPtr,
    long crtcIdPtr,
    long connectorIdPtr,
    long encoderIdPtr,
    int countFbs,
    int countCrtcs,
    int countConnectors,
    int countEncoders,
    int minWidth,
    int maxWidth,
    int minHeight,
    int maxHeight) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_card_res",
          U64.withName("fb_id_ptr"),
          U64.withName("crtc_id_ptr"),
          U64.withName("connector_id_ptr"),
          U64.withName("encoder_id_ptr"),
          U32.withName("count_fbs"),
          U32.withName("count_crtcs"),
          U32.withName("count_connectors"),
          U32.withName("count_encoders"),
          U32.withName("min_width"),
          U32.withName("max_width"),
          U32.withName("min_height"),
          U32.withName("max_height"));

  private static final long FB_ID_PTR = offsetof(LAYOUT, "fb_id_ptr");
  private static final long CRTC_ID_PTR = offsetof(LAYOUT, "crtc_id_ptr");
  private static final long CONNECTOR_ID_PTR = offsetof(LAYOUT, "connector_id_ptr");
  private static final long ENCODER_ID_PTR = offsetof(LAYOUT, "encoder_id_ptr");
  private static final long COUNT_FBS = offsetof(LAYOUT, "count_fbs");
  private static final long COUNT_CRTCS = offsetof(LAYOUT, "count_crtcs");
  private static final long COUNT_CONNECTORS = offsetof(LAYOUT, "count_connectors");
  private static final long COUNT_ENCODERS = offsetof(LAYOUT, "count_encoders");
  private static final long MIN_WIDTH = offsetof(LAYOUT, "min_width");
  private static final long MAX_WIDTH = offsetof(LAYOUT, "max_width");
  private static final long MIN_HEIGHT = offsetof(LAYOUT, "min_height");
  private static final long MAX_HEIGHT = offsetof(LAYOUT, "max_height");

  /** Decodes the struct at {@code at}. */
  public static ModeCardRes read(MemorySegment memory, long at) {
    return new ModeCardRes(
        memory.get(U64, at + FB_ID_PTR),
        memory.get(U64, at + CRTC_ID_PTR),
        memory.get(U64, at + CONNECTOR_ID_PTR),
        memory.get(U64, at + ENCODER_ID_PTR),
        memory.get(U32, at + COUNT_FBS),
        memory.get(U32, at + COUNT_CRTCS),
        memory.get(U32, at + COUNT_CONNECTORS),
        memory.get(U32, at + COUNT_ENCODERS),
        memory.get(U32, at + MIN_WIDTH),
        memory.get(U32, at + MAX_WIDTH),
        memory.get(U32, at + MIN_HEIGHT),
        memory.get(U32, at + MAX_HEIGHT));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + FB_ID_PTR, fbIdPtr);
    memory.set(U64, at + CRTC_ID_PTR, crtcIdPtr);
    memory.set(U64, at + CONNECTOR_ID_PTR, connectorIdPtr);
    memory.set(U64, at + ENCODER_ID_PTR, encoderIdPtr);
    memory.set(U32, at + COUNT_FBS, countFbs);
    memory.set(U32, at + COUNT_CRTCS, countCrtcs);
    memory.set(U32, at + COUNT_CONNECTORS, countConnectors);
    memory.set(U32, at + COUNT_ENCODERS, countEncoders);
    memory.set(U32, at + MIN_WIDTH, minWidth);
    memory.set(U32, at + MAX_WIDTH, maxWidth);
    memory.set(U32, at + MIN_HEIGHT, minHeight);
    memory.set(U32, at + MAX_HEIGHT, maxHeight);
  }
}
