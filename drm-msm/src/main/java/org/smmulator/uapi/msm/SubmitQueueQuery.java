package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_submitqueue_query}: asks about a submit queue.
 *
 * @param data user pointer to where the answer goes
 * @param id the queue's id
 * @param param {@link #FAULTS}
 * @param len in and out: size of the answer in bytes
 * @param pad must be zero
 */
public record SubmitQueueQuery(long data, int id, int param, int len, int pad) {
  public static final int FAULTS = 0;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_submitqueue_query",
          U64.withName("data"),
          U32.withName("id"),
          U32.withName("param"),
          U32.withName("len"),
          U32.withName("pad"));

  public static final long DATA_OFFSET = offsetof(LAYOUT, "data");
  public static final long ID_OFFSET = offsetof(LAYOUT, "id");
  public static final long PARAM_OFFSET = offsetof(LAYOUT, "param");
  public static final long LEN_OFFSET = offsetof(LAYOUT, "len");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static SubmitQueueQuery read(MemorySegment memory, long at) {
    return new SubmitQueueQuery(
        memory.get(U64, at + DATA_OFFSET),
        memory.get(U32, at + ID_OFFSET),
        memory.get(U32, at + PARAM_OFFSET),
        memory.get(U32, at + LEN_OFFSET),
        memory.get(U32, at + PAD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + DATA_OFFSET, data);
    memory.set(U32, at + ID_OFFSET, id);
    memory.set(U32, at + PARAM_OFFSET, param);
    memory.set(U32, at + LEN_OFFSET, len);
    memory.set(U32, at + PAD_OFFSET, pad);
  }
}
