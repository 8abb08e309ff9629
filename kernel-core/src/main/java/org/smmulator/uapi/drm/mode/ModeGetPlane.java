package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_get_plane}: a plane, and the formats it takes.
 *
 * @param possibleCrtcs a mask of indices
 */
public record ModeGetPlane(
    int planeId,
    int crtcId,
    int fbId,
    int possibleCrtcs,
    int gammaSize,
    int countFormatTypes,
    long formatTypePtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_plane",
          U32.withName("plane_id"),
          U32.withName("crtc_id"),
          U32.withName("fb_id"),
          U32.withName("possible_crtcs"),
          U32.withName("gamma_size"),
          U32.withName("count_format_types"),
          U64.withName("format_type_ptr"));

  private static final long PLANE_ID = offsetof(LAYOUT, "plane_id");
  private static final long CRTC_ID = offsetof(LAYOUT, "crtc_id");
  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long POSSIBLE_CRTCS = offsetof(LAYOUT, "possible_crtcs");
  private static final long GAMMA_SIZE = offsetof(LAYOUT, "gamma_size");
  private static final long COUNT_FORMAT_TYPES = offsetof(LAYOUT, "count_format_types");
  private static final long FORMAT_TYPE_PTR = offsetof(LAYOUT, "format_type_ptr");

  /** Decodes the struct at {@code at}. */
  public static ModeGetPlane read(MemorySegment memory, long at) {
    return new ModeGetPlane(
        memory.get(U32, at + PLANE_ID),
        memory.get(U32, at + CRTC_ID),
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + POSSIBLE_CRTCS),
        memory.get(U32, at + GAMMA_SIZE),
        memory.get(U32, at + COUNT_FORMAT_TYPES),
        memory.get(U64, at + FORMAT_TYPE_PTR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + PLANE_ID, planeId);
    memory.set(U32, at + CRTC_ID, crtcId);
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + POSSIBLE_CRTCS, possibleCrtcs);
    memory.set(U32, at + GAMMA_SIZE, gammaSize);
    memory.set(U32, at + COUNT_FORMAT_TYPES, countFormatTypes);
    memory.set(U64, at + FORMAT_TYPE_PTR, formatTypePtr);
  }
}
