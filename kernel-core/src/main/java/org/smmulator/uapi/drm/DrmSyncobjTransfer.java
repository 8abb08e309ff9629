package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_transfer}: a fence to go from one sync object into another.
 *
 * @param dstPoint 0 for one that is no timeline
 * @param flags {@link DrmSyncobjWait#WAIT_FOR_SUBMIT} or 0
 */
public record DrmSyncobjTransfer(
    int srcHandle, int dstHandle, long srcPoint, long dstPoint, int flags, int pad) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_transfer",
          U32.withName("src_handle"),
          U32.withName("dst_handle"),
          U64.withName("src_point"),
          U64.withName("dst_point"),
          U32.withName("flags"),
          U32.withName("pad"));

  private static final long SRC_HANDLE = offsetof(LAYOUT, "src_handle");
  private static final long DST_HANDLE = offsetof(LAYOUT, "dst_handle");
  private static final long SRC_POINT = offsetof(LAYOUT, "src_point");
  private static final long DST_POINT = offsetof(LAYOUT, "dst_point");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjTransfer read(MemorySegment memory, long at) {
    return new DrmSyncobjTransfer(
        memory.get(U32, at + SRC_HANDLE),
        memory.get(U32, at + DST_HANDLE),
        memory.get(U64, at + SRC_POINT),
        memory.get(U64, at + DST_POINT),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + SRC_HANDLE, srcHandle);
    memory.set(U32, at + DST_HANDLE, dstHandle);
    memory.set(U64, at + SRC_POINT, srcPoint);
    memory.set(U64, at + DST_POINT, dstPoint);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + PAD, pad);
  }
}
