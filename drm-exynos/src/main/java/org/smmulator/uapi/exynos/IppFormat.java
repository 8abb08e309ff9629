package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_format}: a format of a picture processor.
 *
 * @param fourcc its name, four characters
 * @param type a mask of {@link #SOURCE} and {@link #DESTINATION}
 * @param modifier how it lies in memory
 */
public record IppFormat(int fourcc, int type, long modifier) {
  /** {@code DRM_EXYNOS_IPP_FORMAT_SOURCE}. */
  public static final int SOURCE = 1;

  /** {@code DRM_EXYNOS_IPP_FORMAT_DESTINATION}. */
  public static final int DESTINATION = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ipp_format",
          U32.withName("fourcc"),
          U32.withName("type"),
          U64.withName("modifier"));

  public static final long FOURCC_OFFSET = offsetof(LAYOUT, "fourcc");
  public static final long TYPE_OFFSET = offsetof(LAYOUT, "type");
  public static final long MODIFIER_OFFSET = offsetof(LAYOUT, "modifier");

  /** Decodes the struct at {@code at}. */
  public static IppFormat read(MemorySegment memory, long at) {
    return new IppFormat(
        memory.get(U32, at + FOURCC_OFFSET),
        memory.get(U32, at + TYPE_OFFSET),
        memory.get(U64, at + MODIFIER_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FOURCC_OFFSET, fourcc);
    memory.set(U32, at + TYPE_OFFSET, type);
    memory.set(U64, at + MODIFIER_OFFSET, modifier);
  }
}
