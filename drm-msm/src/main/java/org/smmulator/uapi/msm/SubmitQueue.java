package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_submitqueue}: makes a submit queue.
 *
 * @param flags a mask of {@link #ALLOW_PREEMPT} and {@link #VM_BIND}
 * @param prio priority level; a smaller number is more urgent
 * @param id out: the queue's id
 */
public record SubmitQueue(int flags, int prio, int id) {
  public static final int ALLOW_PREEMPT = 1;
  public static final int VM_BIND = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_submitqueue", U32.withName("flags"), U32.withName("prio"), U32.withName("id"));

  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long PRIO_OFFSET = offsetof(LAYOUT, "prio");
  public static final long ID_OFFSET = offsetof(LAYOUT, "id");

  /** Decodes the struct at {@code at}. */
  public static SubmitQueue read(MemorySegment memory, long at) {
    return new SubmitQueue(
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + PRIO_OFFSET),
        memory.get(U32, at + ID_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + PRIO_OFFSET, prio);
    memory.set(U32, at + ID_OFFSET, id);
  }
}
