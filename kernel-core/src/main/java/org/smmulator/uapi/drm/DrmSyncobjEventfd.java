package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_eventfd}: an event descriptor that counts when a point is reached.
 *
 * @param flags {@link DrmSyncobjWait#WAIT_AVAILABLE} or 0
 * @param fd what {@code eventfd()} gave
 */
public record DrmSyncobjEventfd(int handle, int flags, long point, int fd, int pad) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_eventfd",
          U32.withName("handle"),
          U32.withName("flags"),
          U64.withName("point"),
          S32.withName("fd"),
          U32.withName("pad"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long POINT = offsetof(LAYOUT, "point");
  private static final long FD = offsetof(LAYOUT, "fd");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjEventfd read(MemorySegment memory, long at) {
    return new DrmSyncobjEventfd(
        memory.get(U32, at + HANDLE),
        memory.get(U32, at + FLAGS),
        memory.get(U64, at + POINT),
        memory.get(S32, at + FD),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U64, at + POINT, point);
    memory.set(S32, at + FD, fd);
    memory.set(U32, at + PAD, pad);
  }
}
