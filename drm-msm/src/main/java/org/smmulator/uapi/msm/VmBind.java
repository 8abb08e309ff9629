package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_vm_bind}: changes an address space whose addresses the client chooses.
 *
 * @param flags a mask of {@link #FENCE_FD_IN} and {@link #FENCE_FD_OUT}
 * @param nrOps number of changes
 * @param fenceFd in or out: a sync file
 * @param queueId the submit queue, one made with {@link SubmitQueue#VM_BIND}
 * @param inSyncobjs user pointer to an array of {@link GemSubmitSyncobj}
 * @param outSyncobjs user pointer to an array of {@link GemSubmitSyncobj}
 * @param nrInSyncobjs number of syncobjs to wait for
 * @param nrOutSyncobjs number of syncobjs to signal
 * @param syncobjStride bytes from one syncobj to the next in both arrays
 * @param opStride not looked at
 * @param op the change, if {@code nrOps} is 1; else its first 8 bytes ({@link #ops}) are a user
 *     pointer to an array of {@link VmBindOp}: a union
 */
public record VmBind(
    int flags,
    int nrOps,
    int fenceFd,
    int queueId,
    long inSyncobjs,
    long outSyncobjs,
    int nrInSyncobjs,
    int nrOutSyncobjs,
    int syncobjStride,
    int opStride,
    VmBindOp op) {
  public static final int FENCE_FD_IN = 1;
  public static final int FENCE_FD_OUT = 2;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_vm_bind",
          U32.withName("flags"),
          U32.withName("nr_ops"),
          S32.withName("fence_fd"),
          U32.withName("queue_id"),
          U64.withName("in_syncobjs"),
          U64.withName("out_syncobjs"),
          U32.withName("nr_in_syncobjs"),
          U32.withName("nr_out_syncobjs"),
          U32.withName("syncobj_stride"),
          U32.withName("op_stride"),
          VmBindOp.LAYOUT.withName("op"));

  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long NR_OPS_OFFSET = offsetof(LAYOUT, "nr_ops");
  public static final long FENCE_FD_OFFSET = offsetof(LAYOUT, "fence_fd");
  public static final long QUEUE_ID_OFFSET = offsetof(LAYOUT, "queue_id");
  public static final long IN_SYNCOBJS_OFFSET = offsetof(LAYOUT, "in_syncobjs");
  public static final long OUT_SYNCOBJS_OFFSET = offsetof(LAYOUT, "out_syncobjs");
  public static final long NR_IN_SYNCOBJS_OFFSET = offsetof(LAYOUT, "nr_in_syncobjs");
  public static final long NR_OUT_SYNCOBJS_OFFSET = offsetof(LAYOUT, "nr_out_syncobjs");
  public static final long SYNCOBJ_STRIDE_OFFSET = offsetof(LAYOUT, "syncobj_stride");
  public static final long OP_STRIDE_OFFSET = offsetof(LAYOUT, "op_stride");
  public static final long OP_OFFSET = offsetof(LAYOUT, "op");

  /** The value of {@link #op} when {@code ptr} points to an array of changes. */
  public static VmBindOp ops(long ptr) {
    return new VmBindOp((int) ptr, (int) (ptr >>> Integer.SIZE), 0, 0, 0, 0, 0);
  }

  /** The user pointer to the array of changes, if {@code nrOps} is not 1. */
  public long ops() {
    return Integer.toUnsignedLong(op.op()) | (long) op.handle() << Integer.SIZE;
  }

  /** Decodes the struct at {@code at}. */
  public static VmBind read(MemorySegment memory, long at) {
    return new VmBind(
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + NR_OPS_OFFSET),
        memory.get(S32, at + FENCE_FD_OFFSET),
        memory.get(U32, at + QUEUE_ID_OFFSET),
        memory.get(U64, at + IN_SYNCOBJS_OFFSET),
        memory.get(U64, at + OUT_SYNCOBJS_OFFSET),
        memory.get(U32, at + NR_IN_SYNCOBJS_OFFSET),
        memory.get(U32, at + NR_OUT_SYNCOBJS_OFFSET),
        memory.get(U32, at + SYNCOBJ_STRIDE_OFFSET),
        memory.get(U32, at + OP_STRIDE_OFFSET),
        VmBindOp.read(memory, at + OP_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + NR_OPS_OFFSET, nrOps);
    memory.set(S32, at + FENCE_FD_OFFSET, fenceFd);
    memory.set(U32, at + QUEUE_ID_OFFSET, queueId);
    memory.set(U64, at + IN_SYNCOBJS_OFFSET, inSyncobjs);
    memory.set(U64, at + OUT_SYNCOBJS_OFFSET, outSyncobjs);
    memory.set(U32, at + NR_IN_SYNCOBJS_OFFSET, nrInSyncobjs);
    memory.set(U32, at + NR_OUT_SYNCOBJS_OFFSET, nrOutSyncobjs);
    memory.set(U32, at + SYNCOBJ_STRIDE_OFFSET, syncobjStride);
    memory.set(U32, at + OP_STRIDE_OFFSET, opStride);
    op.write(memory, at + OP_OFFSET);
  }
}
