package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_info}: asks about a buffer, or changes a property of it.
 *
 * @param handle the GEM handle
 * @param info what: one of the constants here
 * @param value the value, or a user pointer to it
 * @param len size in bytes of what {@code value} points to
 * @param pad must be zero
 */
public record GemInfo(int handle, int info, long value, int len, int pad) {
  /** The offset to pass to mmap. */
  public static final int GET_OFFSET = 0;

  public static final int GET_IOVA = 1;

  /** By pointer. */
  public static final int SET_NAME = 2;

  /** By pointer. */
  public static final int GET_NAME = 3;

  public static final int SET_IOVA = 4;
  public static final int GET_FLAGS = 5;

  /** By pointer. */
  public static final int SET_METADATA = 6;

  /** By pointer. */
  public static final int GET_METADATA = 7;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_info",
          U32.withName("handle"),
          U32.withName("info"),
          U64.withName("value"),
          U32.withName("len"),
          U32.withName("pad"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long INFO_OFFSET = offsetof(LAYOUT, "info");
  public static final long VALUE_OFFSET = offsetof(LAYOUT, "value");
  public static final long LEN_OFFSET = offsetof(LAYOUT, "len");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static GemInfo read(MemorySegment memory, long at) {
    return new GemInfo(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + INFO_OFFSET),
        memory.get(U64, at + VALUE_OFFSET),
        memory.get(U32, at + LEN_OFFSET),
        memory.get(U32, at + PAD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + INFO_OFFSET, info);
    memory.set(U64, at + VALUE_OFFSET, value);
    memory.set(U32, at + LEN_OFFSET, len);
    memory.set(U32, at + PAD_OFFSET, pad);
  }
}
