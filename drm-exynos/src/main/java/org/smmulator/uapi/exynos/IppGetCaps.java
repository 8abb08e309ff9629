package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ioctl_ipp_get_caps}: the abilities of a picture processor.
 *
 * @param ippId the processor
 * @param capabilities a mask of {@code CAP_*}
 * @param reserved nothing
 * @param formatsCount how many formats there is room for; then how many there are
 * @param formatsPtr points to {@link IppFormat}s
 */
public record IppGetCaps(
    int ippId, int capabilities, int reserved, int formatsCount, long formatsPtr) {
  /** {@code DRM_EXYNOS_IPP_CAP_CROP}: rectangles may be parts of buffers. */
  public static final int CROP = 1;

  /** {@code DRM_EXYNOS_IPP_CAP_ROTATE}. */
  public static final int ROTATE = 2;

  /** {@code DRM_EXYNOS_IPP_CAP_SCALE}. */
  public static final int SCALE = 4;

  /** {@code DRM_EXYNOS_IPP_CAP_CONVERT}: the formats may differ. */
  public static final int CONVERT = 8;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ioctl_ipp_get_caps",
          U32.withName("ipp_id"),
          U32.withName("capabilities"),
          U32.withName("reserved"),
          U32.withName("formats_count"),
          U64.withName("formats_ptr"));

  public static final long IPP_ID_OFFSET = offsetof(LAYOUT, "ipp_id");
  public static final long CAPABILITIES_OFFSET = offsetof(LAYOUT, "capabilities");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long FORMATS_COUNT_OFFSET = offsetof(LAYOUT, "formats_count");
  public static final long FORMATS_PTR_OFFSET = offsetof(LAYOUT, "formats_ptr");

  /** Decodes the struct at {@code at}. */
  public static IppGetCaps read(MemorySegment memory, long at) {
    return new IppGetCaps(
        memory.get(U32, at + IPP_ID_OFFSET),
        memory.get(U32, at + CAPABILITIES_OFFSET),
        memory.get(U32, at + RESERVED_OFFSET),
        memory.get(U32, at + FORMATS_COUNT_OFFSET),
        memory.get(U64, at + FORMATS_PTR_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + IPP_ID_OFFSET, ippId);
    memory.set(U32, at + CAPABILITIES_OFFSET, capabilities);
    memory.set(U32, at + RESERVED_OFFSET, reserved);
    memory.set(U32, at + FORMATS_COUNT_OFFSET, formatsCount);
    memory.set(U64, at + FORMATS_PTR_OFFSET, formatsPtr);
  }
}
