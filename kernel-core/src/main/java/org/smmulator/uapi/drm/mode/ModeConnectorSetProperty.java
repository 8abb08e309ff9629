package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_connector_set_property}: sets a property of a connector. */
public record ModeConnectorSetProperty(long value, int propId, int connectorId) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_connector_set_property",
          U64.withName("value"),
          U32.withName("prop_id"),
          U32.withName("connector_id"));

  private static final long VALUE = offsetof(LAYOUT, "value");
  private static final long PROP_ID = offsetof(LAYOUT, "prop_id");
  private static final long CONNECTOR_ID = offsetof(LAYOUT, "connector_id");

  /** Decodes the struct at {@code at}. */
  public static ModeConnectorSetProperty read(MemorySegment memory, long at) {
    return new ModeConnectorSetProperty(
        memory.get(U64, at + VALUE),
        memory.get(U32, at + PROP_ID),
        memory.get(U32, at + CONNECTOR_ID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + VALUE, value);
    memory.set(U32, at + PROP_ID, propId);
    memory.set(U32, at + CONNECTOR_ID, connectorId);
  }
}
