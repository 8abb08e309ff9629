package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.S64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_timespec}: a point in time on CLOCK_MONOTONIC, the same for 32 and 64-bit
 * callers.
 *
 * @param tvSec whole seconds
 * @param tvNsec nanoseconds within the second
 */
public record MsmTimespec(long tvSec, long tvNsec) {
  public static final StructLayout LAYOUT =
      struct("drm_msm_timespec", S64.withName("tv_sec"), S64.withName("tv_nsec"));

  public static final long TV_SEC_OFFSET = offsetof(LAYOUT, "tv_sec");
  public static final long TV_NSEC_OFFSET = offsetof(LAYOUT, "tv_nsec");

  /** Decodes the struct at {@code at}. */
  public static MsmTimespec read(MemorySegment memory, long at) {
    return new MsmTimespec(
        memory.get(S64, at + TV_SEC_OFFSET), memory.get(S64, at + TV_NSEC_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(S64, at + TV_SEC_OFFSET, tvSec);
    memory.set(S64, at + TV_NSEC_OFFSET, tvNsec);
  }
}
