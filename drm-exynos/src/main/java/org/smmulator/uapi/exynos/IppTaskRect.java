package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_task_rect}: the part of a picture that a task uses.
 *
 * @param id {@link IppCommit#TASK_RECTANGLE} and its type
 * @param x the first column
 * @param y the first line
 * @param w columns; all bits set for all
 * @param h lines, likewise
 */
public record IppTaskRect(int id, int x, int y, int w, int h) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ipp_task_rect",
          U32.withName("id"),
          U32.withName("reserved"),
          U32.withName("x"),
          U32.withName("y"),
          U32.withName("w"),
          U32.withName("h"));

  public static final long ID_OFFSET = offsetof(LAYOUT, "id");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long X_OFFSET = offsetof(LAYOUT, "x");
  public static final long Y_OFFSET = offsetof(LAYOUT, "y");
  public static final long W_OFFSET = offsetof(LAYOUT, "w");
  public static final long H_OFFSET = offsetof(LAYOUT, "h");

  /** Decodes the struct at {@code at}. */
  public static IppTaskRect read(MemorySegment memory, long at) {
    return new IppTaskRect(
        memory.get(U32, at + ID_OFFSET),
        memory.get(U32, at + X_OFFSET),
        memory.get(U32, at + Y_OFFSET),
        memory.get(U32, at + W_OFFSET),
        memory.get(U32, at + H_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + ID_OFFSET, id);
    memory.set(U32, at + RESERVED_OFFSET, 0);
    memory.set(U32, at + X_OFFSET, x);
    memory.set(U32, at + Y_OFFSET, y);
    memory.set(U32, at + W_OFFSET, w);
    memory.set(U32, at + H_OFFSET, h);
  }
}
