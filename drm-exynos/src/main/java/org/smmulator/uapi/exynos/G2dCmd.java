package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_cmd}: one register and its value.
 *
 * @param offset of the register
 * @param data its value; for a base address a GEM handle
 */
public record G2dCmd(int offset, int data) {
  /** {@code G2D_BUF_USERPTR}: the data points to a {@link G2dUserptr}. */
  public static final int BUF_USERPTR = 1 << 31;

  public static final StructLayout LAYOUT =
      struct("drm_exynos_g2d_cmd", U32.withName("offset"), U32.withName("data"));

  public static final long OFFSET_OFFSET = offsetof(LAYOUT, "offset");
  public static final long DATA_OFFSET = offsetof(LAYOUT, "data");

  /** Decodes the struct at {@code at}. */
  public static G2dCmd read(MemorySegment memory, long at) {
    return new G2dCmd(memory.get(U32, at + OFFSET_OFFSET), memory.get(U32, at + DATA_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + OFFSET_OFFSET, offset);
    memory.set(U32, at + DATA_OFFSET, data);
  }
}
