package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_event}: the end of a list of commands.
 *
 * @param type the kind of event
 * @param length bytes of the whole event
 * @param userData what the list was given
 * @param tvSec when, in seconds
 * @param tvUsec and microseconds
 * @param cmdlistNo how many lists of the job are done
 */
public record G2dEvent(int type, int length, long userData, int tvSec, int tvUsec, int cmdlistNo) {
  /** {@code DRM_EXYNOS_G2D_EVENT}. */
  public static final int TYPE = 0x8000_0000;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_g2d_event",
          U32.withName("type"),
          U32.withName("length"),
          U64.withName("user_data"),
          U32.withName("tv_sec"),
          U32.withName("tv_usec"),
          U32.withName("cmdlist_no"),
          U32.withName("reserved"));

  public static final long TYPE_OFFSET = offsetof(LAYOUT, "type");
  public static final long LENGTH_OFFSET = offsetof(LAYOUT, "length");
  public static final long USER_DATA_OFFSET = offsetof(LAYOUT, "user_data");
  public static final long TV_SEC_OFFSET = offsetof(LAYOUT, "tv_sec");
  public static final long TV_USEC_OFFSET = offsetof(LAYOUT, "tv_usec");
  public static final long CMDLIST_NO_OFFSET = offsetof(LAYOUT, "cmdlist_no");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");

  /** Decodes the struct at {@code at}. */
  public static G2dEvent read(MemorySegment memory, long at) {
    return new G2dEvent(
        memory.get(U32, at + TYPE_OFFSET),
        memory.get(U32, at + LENGTH_OFFSET),
        memory.get(U64, at + USER_DATA_OFFSET),
        memory.get(U32, at + TV_SEC_OFFSET),
        memory.get(U32, at + TV_USEC_OFFSET),
        memory.get(U32, at + CMDLIST_NO_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE_OFFSET, type);
    memory.set(U32, at + LENGTH_OFFSET, length);
    memory.set(U64, at + USER_DATA_OFFSET, userData);
    memory.set(U32, at + TV_SEC_OFFSET, tvSec);
    memory.set(U32, at + TV_USEC_OFFSET, tvUsec);
    memory.set(U32, at + CMDLIST_NO_OFFSET, cmdlistNo);
    memory.set(U32, at + RESERVED_OFFSET, 0);
  }
}
