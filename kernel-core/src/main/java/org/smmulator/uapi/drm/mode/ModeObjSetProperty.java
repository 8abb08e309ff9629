package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_obj_set_property}: sets a property of an object. */
public record ModeObjSetProperty(long value, int propId, int objId, int objType) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_obj_set_property",
          U64.withName("value"),
          U32.withName("prop_id"),
          U32.withName("obj_id"),
          U32.withName("obj_type"),
          pad(4));

  private static final long VALUE = offsetof(LAYOUT, "value");
  private static final long PROP_ID = offsetof(LAYOUT, "prop_id");
  private static final long OBJ_ID = offsetof(LAYOUT, "obj_id");
  private static final long OBJ_TYPE = offsetof(LAYOUT, "obj_type");

  /** Decodes the struct at {@code at}. */
  public static ModeObjSetProperty read(MemorySegment memory, long at) {
    return new ModeObjSetProperty(
        memory.get(U64, at + VALUE),
        memory.get(U32, at + PROP_ID),
        memory.get(U32, at + OBJ_ID),
        memory.get(U32, at + OBJ_TYPE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + VALUE, value);
    memory.set(U32, at + PROP_ID, propId);
    memory.set(U32, at + OBJ_ID, objId);
    memory.set(U32, at + OBJ_TYPE, objType);
  }
}
