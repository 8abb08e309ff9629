package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_task_alpha}: the alpha of a task.
 *
 * @param id {@link IppCommit#TASK_ALPHA}
 * @param value the alpha of pixels that have none
 */
public record IppTaskAlpha(int id, int value) {
  public static final StructLayout LAYOUT =
      struct("drm_exynos_ipp_task_alpha", U32.withName("id"), U32.withName("value"));

  public static final long ID_OFFSET = offsetof(LAYOUT, "id");
  public static final long VALUE_OFFSET = offsetof(LAYOUT, "value");

  /** Decodes the struct at {@code at}. */
  public static IppTaskAlpha read(MemorySegment memory, long at) {
    return new IppTaskAlpha(memory.get(U32, at + ID_OFFSET), memory.get(U32, at + VALUE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + ID_OFFSET, id);
    memory.set(U32, at + VALUE_OFFSET, value);
  }
}
