package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_atomic}: sets properties of several objects at once.
 *
 * @param flags a mask of the constants here, {@link ModeCrtcPageFlip#EVENT} and {@link
 *     ModeCrtcPageFlip#ASYNC}
 */
public record ModeAtomic(
    int flags,
    int countObjs,
    long objsPtr,
    long countPropsPtr,
    long propsPtr,
    long propValuesPtr,
    long reserved,
    long userData) {
  /** Only check. */
  public static final int TEST_ONLY = 0x100;

  /** Do not wait. */
  public static final int NONBLOCK = 0x200;

  /** The output may go dark meanwhile. */
  public static final int ALLOW_MODESET = 0x400;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_atomic",
          U32.withName("flags"),
          U32.withName("count_objs"),
          U64.withName("objs_ptr"),
          U64.withName("count_props_ptr"),
          U64.withName("props_ptr"),
          U64.withName("prop_values_ptr"),
          U64.withName("reserved"),
          U64.withName("user_data"));

  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long COUNT_OBJS = offsetof(LAYOUT, "count_objs");
  private static final long OBJS_PTR = offsetof(LAYOUT, "objs_ptr");
  private static final long COUNT_PROPS_PTR = offsetof(LAYOUT, "count_props_ptr");
  private static final long PROPS_PTR = offsetof(LAYOUT, "props_ptr");
  private static final long PROP_VALUES_PTR = offsetof(LAYOUT, "prop_values_ptr");
  private static final long RESERVED = offsetof(LAYOUT, "reserved");
  private static final long USER_DATA = offsetof(LAYOUT, "user_data");

  /** Decodes the struct at {@code at}. */
  public static ModeAtomic read(MemorySegment memory, long at) {
    return new ModeAtomic(
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + COUNT_OBJS),
        memory.get(U64, at + OBJS_PTR),
        memory.get(U64, at + COUNT_PROPS_PTR),
        memory.get(U64, at + PROPS_PTR),
        memory.get(U64, at + PROP_VALUES_PTR),
        memory.get(U64, at + RESERVED),
        memory.get(U64, at + USER_DATA));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + COUNT_OBJS, countObjs);
    memory.set(U64, at + OBJS_PTR, objsPtr);
    memory.set(U64, at + COUNT_PROPS_PTR, countPropsPtr);
    memory.set(U64, at + PROPS_PTR, propsPtr);
    memory.set(U64, at + PROP_VALUES_PTR, propValuesPtr);
    memory.set(U64, at + RESERVED, reserved);
    memory.set(U64, at + USER_DATA, userData);
  }
}
