package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;
import static org.smmulator.uapi.CStruct.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.uapi.CStruct;

/**
 * {@code struct drm_mode_get_property}: a property: its name, kind and values.
 *
 * @param flags a mask of {@code PROP_*}
 */
public record ModeGetProperty(
    long valuesPtr,
    long enumBlobPtr,
    int propId,
    int flags,
    String name,
    int countValues,
    int countEnumBlobs) {
  public static final int PROP_RANGE = 1 << 1;

  /** Clients cannot set it. */
  public static final int PROP_IMMUTABLE = 1 << 2;

  public static final int PROP_ENUM = 1 << 3;

  public static final int PROP_BLOB = 1 << 4;

  public static final int PROP_BITMASK = 1 << 5;

  public static final int PROP_OBJECT = 1 << 6;

  public static final int PROP_SIGNED_RANGE = 2 << 6;

  /** Only clients with the atomic capability see it. */
  public static final int PROP_ATOMIC = 1 << 31;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_property",
          U64.withName("values_ptr"),
          U64.withName("enum_blob_ptr"),
          U32.withName("prop_id"),
          U32.withName("flags"),
          text("name", 32),
          U32.withName("count_values"),
          U32.withName("count_enum_blobs"));

  private static final long VALUES_PTR = offsetof(LAYOUT, "values_ptr");
  private static final long ENUM_BLOB_PTR = offsetof(LAYOUT, "enum_blob_ptr");
  private static final long PROP_ID = offsetof(LAYOUT, "prop_id");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long NAME = offsetof(LAYOUT, "name");
  private static final long COUNT_VALUES = offsetof(LAYOUT, "count_values");
  private static final long COUNT_ENUM_BLOBS = offsetof(LAYOUT, "count_enum_blobs");

  /** Decodes the struct at {@code at}. */
  public static ModeGetProperty read(MemorySegment memory, long at) {
    return new ModeGetProperty(
        memory.get(U64, at + VALUES_PTR),
        memory.get(U64, at + ENUM_BLOB_PTR),
        memory.get(U32, at + PROP_ID),
        memory.get(U32, at + FLAGS),
        CStruct.readText(memory, at + NAME, 32),
        memory.get(U32, at + COUNT_VALUES),
        memory.get(U32, at + COUNT_ENUM_BLOBS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + VALUES_PTR, valuesPtr);
    memory.set(U64, at + ENUM_BLOB_PTR, enumBlobPtr);
    memory.set(U32, at + PROP_ID, propId);
    memory.set(U32, at + FLAGS, flags);
    CStruct.writeText(memory, at + NAME, 32, name);
    memory.set(U32, at + COUNT_VALUES, countValues);
    memory.set(U32, at + COUNT_ENUM_BLOBS, countEnumBlobs);
  }
}
