package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_get_plane_res}: the planes of a device. */
public record ModeGetPlaneRes(long planeIdPtr, int countPlanes) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_plane_res",
          U64.withName("plane_id_ptr"),
          U32.withName("count_planes"),
          pad(4));

  private static final long PLANE_ID_PTR = offsetof(LAYOUT, "plane_id_ptr");
  private static final long COUNT_PLANES = offsetof(LAYOUT, "count_planes");

  /** Decodes the struct at {@code at}. */
  public static ModeGetPlaneRes read(MemorySegment memory, long at) {
    return new ModeGetPlaneRes(
        memory.get(U64, at + PLANE_ID_PTR), memory.get(U32, at + COUNT_PLANES));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + PLANE_ID_PTR, planeIdPtr);
    memory.set(U32, at + COUNT_PLANES, countPlanes);
  }
}
