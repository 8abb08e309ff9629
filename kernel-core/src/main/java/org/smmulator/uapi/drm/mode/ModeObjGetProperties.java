package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_obj_get_properties}: the properties of an object and their values.
 *
 * @param objType one of {@code OBJECT_*}
 */
public record ModeObjGetProperties(
    long propsPtr, long propValuesPtr, int countProps, int objId, int objType) {
  public static final int OBJECT_ANY = 0;

  public static final int OBJECT_CRTC = 0xcccccccc;

  public static final int OBJECT_CONNECTOR = 0xc0c0c0c0;

  public static final int OBJECT_ENCODER = 0xe0e0e0e0;

  public static final int OBJECT_PROPERTY = 0xb0b0b0b0;

  public static final int OBJECT_FB = 0xfbfbfbfb;

  public static final int OBJECT_BLOB = 0xbbbbbbbb;

  public static final int OBJECT_PLANE = 0xeeeeeeee;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_obj_get_properties",
          U64.withName("props_ptr"),
          U64.withName("prop_values_ptr"),
          U32.withName("count_props"),
          U32.withName("obj_id"),
          U32.withName("obj_type"),
          pad(4));

  private static final long PROPS_PTR = offsetof(LAYOUT, "props_ptr");
  private static final long PROP_VALUES_PTR = offsetof(LAYOUT, "prop_values_ptr");
  private static final long COUNT_PROPS = offsetof(LAYOUT, "count_props");
  private static final long OBJ_ID = offsetof(LAYOUT, "obj_id");
  private static final long OBJ_TYPE = offsetof(LAYOUT, "obj_type");

  /** Decodes the struct at {@code at}. */
  public static ModeObjGetProperties read(MemorySegment memory, long at) {
    return new ModeObjGetProperties(
        memory.get(U64, at + PROPS_PTR),
        memory.get(U64, at + PROP_VALUES_PTR),
        memory.get(U32, at + COUNT_PROPS),
        memory.get(U32, at + OBJ_ID),
        memory.get(U32, at + OBJ_TYPE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + PROPS_PTR, propsPtr);
    memory.set(U64, at + PROP_VALUES_PTR, propValuesPtr);
    memory.set(U32, at + COUNT_PROPS, countProps);
    memory.set(U32, at + OBJ_ID, objId);
    memory.set(U32, at + OBJ_TYPE, objType);
  }
}
