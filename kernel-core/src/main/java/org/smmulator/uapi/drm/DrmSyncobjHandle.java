package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_handle}: a sync object, or the fence in it, by handle and by
 * descriptor; both directions of HANDLE_TO_FD and FD_TO_HANDLE.
 *
 * @param flags a mask of {@link #SYNC_FILE} and {@link #TIMELINE}
 * @param point of a timeline, for a sync file
 */
public record DrmSyncobjHandle(int handle, int flags, int fd, int pad, long point) {
  /**
   * {@code DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE} and {@code
   * DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE}.
   */
  public static final int SYNC_FILE = 1;

  /**
   * {@code DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_TIMELINE} and {@code
   * DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_TIMELINE}: the point counts.
   */
  public static final int TIMELINE = 1 << 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_handle",
          U32.withName("handle"),
          U32.withName("flags"),
          S32.withName("fd"),
          U32.withName("pad"),
          U64.withName("point"));

  /** The offset of {@link #handle}, which the kernel answers in. */
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");

  /** The offset of {@link #fd}, which the kernel answers in. */
  public static final long FD_OFFSET = offsetof(LAYOUT, "fd");

  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long POINT = offsetof(LAYOUT, "point");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjHandle read(MemorySegment memory, long at) {
    return new DrmSyncobjHandle(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + FLAGS),
        memory.get(S32, at + FD_OFFSET),
        memory.get(U32, at + PAD),
        memory.get(U64, at + POINT));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + FLAGS, flags);
    memory.set(S32, at + FD_OFFSET, fd);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + POINT, point);
  }
}
