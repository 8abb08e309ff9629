package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_task_transform}: how a picture is turned.
 *
 * @param id {@link IppCommit#TASK_TRANSFORM}
 * @param rotation a mask of {@code DRM_MODE_ROTATE_*} and {@code DRM_MODE_REFLECT_*}
 */
public record IppTaskTransform(int id, int rotation) {
  /** {@code DRM_MODE_ROTATE_0}. */
  public static final int ROTATE_0 = 1;

  /** {@code DRM_MODE_ROTATE_90}: counter-clockwise. */
  public static final int ROTATE_90 = 1 << 1;

  /** {@code DRM_MODE_ROTATE_180}. */
  public static final int ROTATE_180 = 1 << 2;

  /** {@code DRM_MODE_ROTATE_270}. */
  public static final int ROTATE_270 = 1 << 3;

  /** {@code DRM_MODE_ROTATE_MASK}. */
  public static final int ROTATE_MASK = ROTATE_0 | ROTATE_90 | ROTATE_180 | ROTATE_270;

  /** {@code DRM_MODE_REFLECT_X}: left and right change places. */
  public static final int REFLECT_X = 1 << 4;

  /** {@code DRM_MODE_REFLECT_Y}: top and bottom change places. */
  public static final int REFLECT_Y = 1 << 5;

  public static final StructLayout LAYOUT =
      struct("drm_exynos_ipp_task_transform", U32.withName("id"), U32.withName("rotation"));

  public static final long ID_OFFSET = offsetof(LAYOUT, "id");
  public static final long ROTATION_OFFSET = offsetof(LAYOUT, "rotation");

  /** Decodes the struct at {@code at}. */
  public static IppTaskTransform read(MemorySegment memory, long at) {
    return new IppTaskTransform(
        memory.get(U32, at + ID_OFFSET), memory.get(U32, at + ROTATION_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + ID_OFFSET, id);
    memory.set(U32, at + ROTATION_OFFSET, rotation);
  }
}
