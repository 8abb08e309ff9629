package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ioctl_ipp_get_res}: lists the picture processors.
 *
 * @param countIpps how many ids there is room for; then how many there are
 * @param reserved nothing
 * @param ippIdPtr points to the ids
 */
public record IppGetResources(int countIpps, int reserved, long ippIdPtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ioctl_ipp_get_res",
          U32.withName("count_ipps"),
          U32.withName("reserved"),
          U64.withName("ipp_id_ptr"));

  public static final long COUNT_IPPS_OFFSET = offsetof(LAYOUT, "count_ipps");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long IPP_ID_PTR_OFFSET = offsetof(LAYOUT, "ipp_id_ptr");

  /** Decodes the struct at {@code at}. */
  public static IppGetResources read(MemorySegment memory, long at) {
    return new IppGetResources(
        memory.get(U32, at + COUNT_IPPS_OFFSET),
        memory.get(U32, at + RESERVED_OFFSET),
        memory.get(U64, at + IPP_ID_PTR_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + COUNT_IPPS_OFFSET, countIpps);
    memory.set(U32, at + RESERVED_OFFSET, reserved);
    memory.set(U64, at + IPP_ID_PTR_OFFSET, ippIdPtr);
  }
}
