package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S64;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_syncobj_timeline_wait}: a wait for points of sync objects; its flags are those
 * of {@link DrmSyncobjWait}.
 *
 * @param handles points to as many handles
 * @param points points to as many points; 0 if all are 0
 * @param timeoutNsec absolute, on CLOCK_MONOTONIC; 0 to only look
 * @param flags a mask of the constants of {@link DrmSyncobjWait}
 * @param firstSignaled the answer: which of them had signalled
 * @param deadlineNsec absolute, on CLOCK_MONOTONIC: by when the caller would like it
 */
public record DrmSyncobjTimelineWait(
    long handles,
    long points,
    long timeoutNsec,
    int countHandles,
    int flags,
    int firstSignaled,
    int pad,
    long deadlineNsec) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_syncobj_timeline_wait",
          U64.withName("handles"),
          U64.withName("points"),
          S64.withName("timeout_nsec"),
          U32.withName("count_handles"),
          U32.withName("flags"),
          U32.withName("first_signaled"),
          U32.withName("pad"),
          U64.withName("deadline_nsec"));

  /** The offset of {@link #firstSignaled}, which the kernel answers in. */
  public static final long FIRST_SIGNALED_OFFSET = offsetof(LAYOUT, "first_signaled");

  private static final long HANDLES = offsetof(LAYOUT, "handles");
  private static final long POINTS = offsetof(LAYOUT, "points");
  private static final long TIMEOUT_NSEC = offsetof(LAYOUT, "timeout_nsec");
  private static final long COUNT_HANDLES = offsetof(LAYOUT, "count_handles");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long DEADLINE_NSEC = offsetof(LAYOUT, "deadline_nsec");

  /** Decodes the struct at {@code at}. */
  public static DrmSyncobjTimelineWait read(MemorySegment memory, long at) {
    return new DrmSyncobjTimelineWait(
        memory.get(U64, at + HANDLES),
        memory.get(U64, at + POINTS),
        memory.get(S64, at + TIMEOUT_NSEC),
        memory.get(U32, at + COUNT_HANDLES),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + FIRST_SIGNALED_OFFSET),
        memory.get(U32, at + PAD),
        memory.get(U64, at + DEADLINE_NSEC));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + HANDLES, handles);
    memory.set(U64, at + POINTS, points);
    memory.set(S64, at + TIMEOUT_NSEC, timeoutNsec);
    memory.set(U32, at + COUNT_HANDLES, countHandles);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + FIRST_SIGNALED_OFFSET, firstSignaled);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + DEADLINE_NSEC, deadlineNsec);
  }
}
