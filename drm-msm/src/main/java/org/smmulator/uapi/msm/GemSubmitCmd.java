package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_submit_cmd}: one command buffer of a submit.
 *
 * @param type one of {@link #BUF}, {@link #IB_TARGET_BUF} and {@link #CTX_RESTORE_BUF}
 * @param submitIdx index of the buffer in the table of buffers
 * @param submitOffset bytes from the start of the buffer
 * @param size size of the commands in bytes
 * @param pad not looked at
 * @param nrRelocs number of relocations
 * @param relocs user pointer to an array of {@link GemSubmitReloc}; with VM_BIND, the iova of the
 *     commands
 */
public record GemSubmitCmd(
    int type, int submitIdx, int submitOffset, int size, int pad, int nrRelocs, long relocs) {
  /** Executed. */
  public static final int BUF = 1;

  /** Reached from another command buffer only. */
  public static final int IB_TARGET_BUF = 2;

  /** Executed if another context ran since the last submit. */
  public static final int CTX_RESTORE_BUF = 3;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_submit_cmd",
          U32.withName("type"),
          U32.withName("submit_idx"),
          U32.withName("submit_offset"),
          U32.withName("size"),
          U32.withName("pad"),
          U32.withName("nr_relocs"),
          U64.withName("relocs"));

  public static final long TYPE_OFFSET = offsetof(LAYOUT, "type");
  public static final long SUBMIT_IDX_OFFSET = offsetof(LAYOUT, "submit_idx");
  public static final long SUBMIT_OFFSET_OFFSET = offsetof(LAYOUT, "submit_offset");
  public static final long SIZE_OFFSET = offsetof(LAYOUT, "size");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");
  public static final long NR_RELOCS_OFFSET = offsetof(LAYOUT, "nr_relocs");
  public static final long RELOCS_OFFSET = offsetof(LAYOUT, "relocs");

  /** Decodes the struct at {@code at}. */
  public static GemSubmitCmd read(MemorySegment memory, long at) {
    return new GemSubmitCmd(
        memory.get(U32, at + TYPE_OFFSET),
        memory.get(U32, at + SUBMIT_IDX_OFFSET),
        memory.get(U32, at + SUBMIT_OFFSET_OFFSET),
        memory.get(U32, at + SIZE_OFFSET),
        memory.get(U32, at + PAD_OFFSET),
        memory.get(U32, at + NR_RELOCS_OFFSET),
        memory.get(U64, at + RELOCS_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + TYPE_OFFSET, type);
    memory.set(U32, at + SUBMIT_IDX_OFFSET, submitIdx);
    memory.set(U32, at + SUBMIT_OFFSET_OFFSET, submitOffset);
    memory.set(U32, at + SIZE_OFFSET, size);
    memory.set(U32, at + PAD_OFFSET, pad);
    memory.set(U32, at + NR_RELOCS_OFFSET, nrRelocs);
    memory.set(U64, at + RELOCS_OFFSET, relocs);
  }
}
