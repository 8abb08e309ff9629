package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ioctl_ipp_commit}: has a picture processor do a task.
 *
 * @param ippId the processor
 * @param flags a mask of {@code FLAG_*}
 * @param reserved must be 0
 * @param paramsSize bytes of the parameters
 * @param paramsPtr points to structs that begin with an id: {@code TASK_*}
 * @param userData handed back in the event
 */
public record IppCommit(
    int ippId, int flags, int reserved, int paramsSize, long paramsPtr, long userData) {
  /** {@code DRM_EXYNOS_IPP_FLAG_EVENT}: an event tells the end. */
  public static final int EVENT = 1;

  /** {@code DRM_EXYNOS_IPP_FLAG_TEST_ONLY}: the task is checked and not done. */
  public static final int TEST_ONLY = 2;

  /** {@code DRM_EXYNOS_IPP_FLAG_NONBLOCK}: the call does not wait for the end. */
  public static final int NONBLOCK = 4;

  /** {@code DRM_EXYNOS_IPP_FLAGS}. */
  public static final int FLAGS = EVENT | TEST_ONLY | NONBLOCK;

  /** {@code DRM_EXYNOS_IPP_TASK_BUFFER}: an {@link IppTaskBuffer}. */
  public static final int TASK_BUFFER = 1;

  /** {@code DRM_EXYNOS_IPP_TASK_RECTANGLE}: an {@link IppTaskRect}. */
  public static final int TASK_RECTANGLE = 2;

  /** {@code DRM_EXYNOS_IPP_TASK_TRANSFORM}: an {@link IppTaskTransform}. */
  public static final int TASK_TRANSFORM = 3;

  /** {@code DRM_EXYNOS_IPP_TASK_ALPHA}: an {@link IppTaskAlpha}. */
  public static final int TASK_ALPHA = 4;

  /** {@code DRM_EXYNOS_IPP_TASK_TYPE_SOURCE}, beside the id of a buffer or rectangle. */
  public static final int TYPE_SOURCE = 1 << 16;

  /** {@code DRM_EXYNOS_IPP_TASK_TYPE_DESTINATION}. */
  public static final int TYPE_DESTINATION = 2 << 16;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ioctl_ipp_commit",
          U32.withName("ipp_id"),
          U32.withName("flags"),
          U32.withName("reserved"),
          U32.withName("params_size"),
          U64.withName("params_ptr"),
          U64.withName("user_data"));

  public static final long IPP_ID_OFFSET = offsetof(LAYOUT, "ipp_id");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long PARAMS_SIZE_OFFSET = offsetof(LAYOUT, "params_size");
  public static final long PARAMS_PTR_OFFSET = offsetof(LAYOUT, "params_ptr");
  public static final long USER_DATA_OFFSET = offsetof(LAYOUT, "user_data");

  /** Decodes the struct at {@code at}. */
  public static IppCommit read(MemorySegment memory, long at) {
    return new IppCommit(
        memory.get(U32, at + IPP_ID_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + RESERVED_OFFSET),
        memory.get(U32, at + PARAMS_SIZE_OFFSET),
        memory.get(U64, at + PARAMS_PTR_OFFSET),
        memory.get(U64, at + USER_DATA_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + IPP_ID_OFFSET, ippId);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + RESERVED_OFFSET, reserved);
    memory.set(U32, at + PARAMS_SIZE_OFFSET, paramsSize);
    memory.set(U64, at + PARAMS_PTR_OFFSET, paramsPtr);
    memory.set(U64, at + USER_DATA_OFFSET, userData);
  }
}
