package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.StructLayout;

/** {@code struct drm_unique}: the bus id of a device, of which GET_UNIQUE tells the length. */
public final class DrmUnique {
  public static final StructLayout LAYOUT =
      struct("drm_unique", U64.withName("unique_len"), U64.withName("unique"));

  public static final long UNIQUE_LEN_OFFSET = offsetof(LAYOUT, "unique_len");

  private DrmUnique() {}
}
