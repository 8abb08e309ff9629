package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_wait_fence}: waits for a fence of a submit queue.
 *
 * @param fence the fence, as a submit returned it
 * @param flags {@link #BOOST} or zero
 * @param timeout until when to wait
 * @param queueid the submit queue
 */
public record WaitFence(int fence, int flags, MsmTimespec timeout, int queueid) {
  /** Raise the GPU's frequency meanwhile. */
  public static final int BOOST = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_wait_fence",
          U32.withName("fence"),
          U32.withName("flags"),
          MsmTimespec.LAYOUT.withName("timeout"),
          U32.withName("queueid"),
          pad(4));

  public static final long FENCE_OFFSET = offsetof(LAYOUT, "fence");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long TIMEOUT_OFFSET = offsetof(LAYOUT, "timeout");
  public static final long QUEUEID_OFFSET = offsetof(LAYOUT, "queueid");

  /** Decodes the struct at {@code at}. */
  public static WaitFence read(MemorySegment memory, long at) {
    return new WaitFence(
        memory.get(U32, at + FENCE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        MsmTimespec.read(memory, at + TIMEOUT_OFFSET),
        memory.get(U32, at + QUEUEID_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FENCE_OFFSET, fence);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    timeout.write(memory, at + TIMEOUT_OFFSET);
    memory.set(U32, at + QUEUEID_OFFSET, queueid);
  }
}
