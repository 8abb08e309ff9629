package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_array}: sync objects to reset or to signal.
 *
 * @param handles points to as many handles
 */
public record DrmSyncobjArray(long handles, int countHandles, int pad) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_array",
          U64.withName("handles"),
          U32.withName("count_handles"),
          U32.withName("pad"));

  private static final long HANDLES = offsetof(LAYOUT, "handles");
  private static final long COUNT_HANDLES = offsetof(LAYOUT, "count_handles");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjArray read(MemorySegment memory, long at) {
    return new DrmSyncobjArray(
        memory.get(U64, at + HANDLES),
        memory.get(U32, at + COUNT_HANDLES),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + HANDLES, handles);
    memory.set(U32, at + COUNT_HANDLES, countHandles);
    memory.set(U32, at + PAD, pad);
  }
}
