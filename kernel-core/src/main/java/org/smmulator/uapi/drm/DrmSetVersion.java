package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_set_version}: the interface that a client knows, and the one that there is as
 * the answer; -1 for no matter.
 *
 * @param drmDiMajor of the core
 * @param drmDdMajor of the driver
 */
public record DrmSetVersion(int drmDiMajor, int drmDiMinor, int drmDdMajor, int drmDdMinor) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_set_version",
          S32.withName("drm_di_major"),
          S32.withName("drm_di_minor"),
          S32.withName("drm_dd_major"),
          S32.withName("drm_dd_minor"));

  private static final long DRM_DI_MAJOR = offsetof(LAYOUT, "drm_di_major");
  private static final long DRM_DI_MINOR = offsetof(LAYOUT, "drm_di_minor");
  private static final long DRM_DD_MAJOR = offsetof(LAYOUT, "drm_dd_major");
  private static final long DRM_DD_MINOR = offsetof(LAYOUT, "drm_dd_minor");

  /** Decodes the struct at {@code at}. */
  public static DrmSetVersion read(MemorySegment memory, long at) {
    return new DrmSetVersion(
        memory.get(S32, at + DRM_DI_MAJOR),
        memory.get(S32, at + DRM_DI_MINOR),
        memory.get(S32, at + DRM_DD_MAJOR),
        memory.get(S32, at + DRM_DD_MINOR));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(S32, at + DRM_DI_MAJOR, drmDiMajor);
    memory.set(S32, at + DRM_DI_MINOR, drmDiMinor);
    memory.set(S32, at + DRM_DD_MAJOR, drmDdMajor);
    memory.set(S32, at + DRM_DD_MINOR, drmDdMinor);
  }
}
