package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_timeline_array}: points of sync objects, to signal or to be told.
 *
 * @param handles points to as many handles
 * @param points points to as many points; to signal, 0 if all are 0
 * @param flags {@link #LAST_SUBMITTED}, to be told
 */
public record DrmSyncobjTimelineArray(long handles, long points, int countHandles, int flags) {
  /** {@code DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED}: whether it has signalled or not. */
  public static final int LAST_SUBMITTED = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_timeline_array",
          U64.withName("handles"),
          U64.withName("points"),
          U32.withName("count_handles"),
          U32.withName("flags"));

  private static final long HANDLES = offsetof(LAYOUT, "handles");
  private static final long POINTS = offsetof(LAYOUT, "points");
  private static final long COUNT_HANDLES = offsetof(LAYOUT, "count_handles");
  private static final long FLAGS = offsetof(LAYOUT, "flags");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjTimelineArray read(MemorySegment memory, long at) {
    return new DrmSyncobjTimelineArray(
        memory.get(U64, at + HANDLES),
        memory.get(U64, at + POINTS),
        memory.get(U32, at + COUNT_HANDLES),
        memory.get(U32, at + FLAGS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + HANDLES, handles);
    memory.set(U64, at + POINTS, points);
    memory.set(U32, at + COUNT_HANDLES, countHandles);
    memory.set(U32, at + FLAGS, flags);
  }
}
