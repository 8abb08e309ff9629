package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_submit}: a job for the GPU.
 *
 * @param flags the pipe, and a mask of the flags here
 * @param fence out: the fence; in with {@link #FENCE_SN_IN}
 * @param nrBos number of buffers
 * @param nrCmds number of command buffers
 * @param bos user pointer to an array of {@link GemSubmitBo}
 * @param cmds user pointer to an array of {@link GemSubmitCmd}
 * @param fenceFd in or out: a sync file, see {@link #FENCE_FD_IN} and {@link #FENCE_FD_OUT}
 * @param queueid the submit queue
 * @param inSyncobjs user pointer to an array of {@link GemSubmitSyncobj}
 * @param outSyncobjs user pointer to an array of {@link GemSubmitSyncobj}
 * @param nrInSyncobjs number of syncobjs to wait for
 * @param nrOutSyncobjs number of syncobjs to signal
 * @param syncobjStride bytes from one syncobj to the next in both arrays
 * @param pad must be zero
 */
public record GemSubmit(
    int flags,
    int fence,
    int nrBos,
    int nrCmds,
    long bos,
    long cmds,
    int fenceFd,
    int queueid,
    long inSyncobjs,
    long outSyncobjs,
    int nrInSyncobjs,
    int nrOutSyncobjs,
    int syncobjStride,
    int pad) {
  /** No implicit synchronisation. */
  public static final int NO_IMPLICIT = 1 << 31;

  public static final int FENCE_FD_IN = 1 << 30;
  public static final int FENCE_FD_OUT = 1 << 29;

  /** Copy the commands into the ring, where they are privileged. */
  public static final int SUDO = 1 << 28;

  public static final int SYNCOBJ_IN = 1 << 27;
  public static final int SYNCOBJ_OUT = 1 << 26;

  /** The caller chose the fence's number. */
  public static final int FENCE_SN_IN = 1 << 25;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_submit",
          U32.withName("flags"),
          U32.withName("fence"),
          U32.withName("nr_bos"),
          U32.withName("nr_cmds"),
          U64.withName("bos"),
          U64.withName("cmds"),
          S32.withName("fence_fd"),
          U32.withName("queueid"),
          U64.withName("in_syncobjs"),
          U64.withName("out_syncobjs"),
          U32.withName("nr_in_syncobjs"),
          U32.withName("nr_out_syncobjs"),
          U32.withName("syncobj_stride"),
          U32.withName("pad"));

  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long FENCE_OFFSET = offsetof(LAYOUT, "fence");
  public static final long NR_BOS_OFFSET = offsetof(LAYOUT, "nr_bos");
  public static final long NR_CMDS_OFFSET = offsetof(LAYOUT, "nr_cmds");
  public static final long BOS_OFFSET = offsetof(LAYOUT, "bos");
  public static final long CMDS_OFFSET = offsetof(LAYOUT, "cmds");
  public static final long FENCE_FD_OFFSET = offsetof(LAYOUT, "fence_fd");
  public static final long QUEUEID_OFFSET = offsetof(LAYOUT, "queueid");
  public static final long IN_SYNCOBJS_OFFSET = offsetof(LAYOUT, "in_syncobjs");
  public static final long OUT_SYNCOBJS_OFFSET = offsetof(LAYOUT, "out_syncobjs");
  public static final long NR_IN_SYNCOBJS_OFFSET = offsetof(LAYOUT, "nr_in_syncobjs");
  public static final long NR_OUT_SYNCOBJS_OFFSET = offsetof(LAYOUT, "nr_out_syncobjs");
  public static final long SYNCOBJ_STRIDE_OFFSET = offsetof(LAYOUT, "syncobj_stride");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static GemSubmit read(MemorySegment memory, long at) {
    return new GemSubmit(
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + FENCE_OFFSET),
        memory.get(U32, at + NR_BOS_OFFSET),
        memory.get(U32, at + NR_CMDS_OFFSET),
        memory.get(U64, at + BOS_OFFSET),
        memory.get(U64, at + CMDS_OFFSET),
        memory.get(S32, at + FENCE_FD_OFFSET),
        memory.get(U32, at + QUEUEID_OFFSET),
        memory.get(U64, at + IN_SYNCOBJS_OFFSET),
        memory.get(U64, at + OUT_SYNCOBJS_OFFSET),
        memory.get(U32, at + NR_IN_SYNCOBJS_OFFSET),
        memory.get(U32, at + NR_OUT_SYNCOBJS_OFFSET),
        memory.get(U32, at + SYNCOBJ_STRIDE_OFFSET),
        memory.get(U32, at + PAD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + FENCE_OFFSET, fence);
    memory.set(U32, at + NR_BOS_OFFSET, nrBos);
    memory.set(U32, at + NR_CMDS_OFFSET, nrCmds);
    memory.set(U64, at + BOS_OFFSET, bos);
    memory.set(U64, at + CMDS_OFFSET, cmds);
    memory.set(S32, at + FENCE_FD_OFFSET, fenceFd);
    memory.set(U32, at + QUEUEID_OFFSET, queueid);
    memory.set(U64, at + IN_SYNCOBJS_OFFSET, inSyncobjs);
    memory.set(U64, at + OUT_SYNCOBJS_OFFSET, outSyncobjs);
    memory.set(U32, at + NR_IN_SYNCOBJS_OFFSET, nrInSyncobjs);
    memory.set(U32, at + NR_OUT_SYNCOBJS_OFFSET, nrOutSyncobjs);
    memory.set(U32, at + SYNCOBJ_STRIDE_OFFSET, syncobjStride);
    memory.set(U32, at + PAD_OFFSET, pad);
  }
}
