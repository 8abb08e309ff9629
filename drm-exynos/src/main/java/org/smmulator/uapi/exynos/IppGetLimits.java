package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ioctl_ipp_get_limits}: the limits of a picture processor for a format.
 *
 * @param ippId the processor
 * @param fourcc the format
 * @param modifier how it lies in memory
 * @param type {@link IppFormat#SOURCE} or {@link IppFormat#DESTINATION}
 * @param limitsCount how many limits there is room for; then how many there are
 * @param limitsPtr points to {@link IppLimit}s
 */
public record IppGetLimits(
    int ippId, int fourcc, long modifier, int type, int limitsCount, long limitsPtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ioctl_ipp_get_limits",
          U32.withName("ipp_id"),
          U32.withName("fourcc"),
          U64.withName("modifier"),
          U32.withName("type"),
          U32.withName("limits_count"),
          U64.withName("limits_ptr"));

  public static final long IPP_ID_OFFSET = offsetof(LAYOUT, "ipp_id");
  public static final long FOURCC_OFFSET = offsetof(LAYOUT, "fourcc");
  public static final long MODIFIER_OFFSET = offsetof(LAYOUT, "modifier");
  public static final long TYPE_OFFSET = offsetof(LAYOUT, "type");
  public static final long LIMITS_COUNT_OFFSET = offsetof(LAYOUT, "limits_count");
  public static final long LIMITS_PTR_OFFSET = offsetof(LAYOUT, "limits_ptr");

  /** Decodes the struct at {@code at}. */
  public static IppGetLimits read(MemorySegment memory, long at) {
    return new IppGetLimits(
        memory.get(U32, at + IPP_ID_OFFSET),
        memory.get(U32, at + FOURCC_OFFSET),
        memory.get(U64, at + MODIFIER_OFFSET),
        memory.get(U32, at + TYPE_OFFSET),
        memory.get(U32, at + LIMITS_COUNT_OFFSET),
        memory.get(U64, at + LIMITS_PTR_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + IPP_ID_OFFSET, ippId);
    memory.set(U32, at + FOURCC_OFFSET, fourcc);
    memory.set(U64, at + MODIFIER_OFFSET, modifier);
    memory.set(U32, at + TYPE_OFFSET, type);
    memory.set(U32, at + LIMITS_COUNT_OFFSET, limitsCount);
    memory.set(U64, at + LIMITS_PTR_OFFSET, limitsPtr);
  }
}
