package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_get_connector}: a connector: its modes, encoders and properties.
 *
 * @param countModes 0 makes the master probe it again
 * @param connectorType one of {@code TYPE_*}
 * @param connection {@link #CONNECTED}, {@link #DISCONNECTED} or {@link #UNKNOWN_CONNECTION}
 */
public record ModeGetConnector(
    long encodersPtr,
    long modesPtr,
    long propsPtr,
    long propValuesPtr,
    int countModes,
    int countProps,
    int countEncoders,
    int encoderId,
    int connectorId,
    int connectorType,
    int connectorTypeId,
    int connection,
    int mmWidth,
    int mmHeight,
    int subpixel,
    int pad) {
  public static final int TYPE_UNKNOWN = 0;

  public static final int TYPE_HDMIA = 11;

  public static final int TYPE_EDP = 14;

  public static final int TYPE_VIRTUAL = 15;

  public static final int TYPE_DSI = 16;

  public static final int TYPE_DPI = 17;

  public static final int CONNECTED = 1;

  public static final int DISCONNECTED = 2;

  public static final int UNKNOWN_CONNECTION = 3;

  public static final int SUBPIXEL_UNKNOWN = 0;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_connector",
          U64.withName("encoders_ptr"),
          U64.withName("modes_ptr"),
          U64.withName("props_ptr"),
          U64.withName("prop_values_ptr"),
          U32.withName("count_modes"),
          U32.withName("count_props"),
          U32.withName("count_encoders"),
          U32.withName("encoder_id"),
          U32.withName("connector_id"),
          U32.withName("connector_type"),
          U32.withName("connector_type_id"),
          U32.withName("connection"),
          U32.withName("mm_width"),
          U32.withName("mm_height"),
          U32.withName("subpixel"),
          U32.withName("pad"));

  private static final long ENCODERS_PTR = offsetof(LAYOUT, "encoders_ptr");
  private static final long MODES_PTR = offsetof(LAYOUT, "modes_ptr");
  private static final long PROPS_PTR = offsetof(LAYOUT, "props_ptr");
  private static final long PROP_VALUES_PTR = offsetof(LAYOUT, "prop_values_ptr");
  private static final long COUNT_MODES = offsetof(LAYOUT, "count_modes");
  private static final long COUNT_PROPS = offsetof(LAYOUT, "count_props");
  private static final long COUNT_ENCODERS = offsetof(LAYOUT, "count_encoders");
  private static final long ENCODER_ID = offsetof(LAYOUT, "encoder_id");
  private static final long CONNECTOR_ID = offsetof(LAYOUT, "connector_id");
  private static final long CONNECTOR_TYPE = offsetof(LAYOUT, "connector_type");
  private static final long CONNECTOR_TYPE_ID = offsetof(LAYOUT, "connector_type_id");
  private static final long CONNECTION = offsetof(LAYOUT, "connection");
  private static final long MM_WIDTH = offsetof(LAYOUT, "mm_width");
  private static final long MM_HEIGHT = offsetof(LAYOUT, "mm_height");
  private static final long SUBPIXEL = offsetof(LAYOUT, "subpixel");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static ModeGetConnector read(MemorySegment memory, long at) {
    return new ModeGetConnector(
        memory.get(U64, at + ENCODERS_PTR),
        memory.get(U64, at + MODES_PTR),
        memory.get(U64, at + PROPS_PTR),
        memory.get(U64, at + PROP_VALUES_PTR),
        memory.get(U32, at + COUNT_MODES),
        memory.get(U32, at + COUNT_PROPS),
        memory.get(U32, at + COUNT_ENCODERS),
        memory.get(U32, at + ENCODER_ID),
        memory.get(U32, at + CONNECTOR_ID),
        memory.get(U32, at + CONNECTOR_TYPE),
        memory.get(U32, at + CONNECTOR_TYPE_ID),
        memory.get(U32, at + CONNECTION),
        memory.get(U32, at + MM_WIDTH),
        memory.get(U32, at + MM_HEIGHT),
        memory.get(U32, at + SUBPIXEL),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + ENCODERS_PTR, encodersPtr);
    memory.set(U64, at + MODES_PTR, modesPtr);
    memory.set(U64, at + PROPS_PTR, propsPtr);
    memory.set(U64, at + PROP_VALUES_PTR, propValuesPtr);
    memory.set(U32, at + COUNT_MODES, countModes);
    memory.set(U32, at + COUNT_PROPS, countProps);
    memory.set(U32, at + COUNT_ENCODERS, countEncoders);
    memory.set(U32, at + ENCODER_ID, encoderId);
    memory.set(U32, at + CONNECTOR_ID, connectorId);
    memory.set(U32, at + CONNECTOR_TYPE, connectorType);
    memory.set(U32, at + CONNECTOR_TYPE_ID, connectorTypeId);
    memory.set(U32, at + CONNECTION, connection);
    memory.set(U32, at + MM_WIDTH, mmWidth);
    memory.set(U32, at + MM_HEIGHT, mmHeight);
    memory.set(U32, at + SUBPIXEL, subpixel);
    memory.set(U32, at + PAD, pad);
  }
}
