package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_submit_reloc}: a place in a command buffer into which the kernel writes
 * a buffer's address.
 *
 * @param submitOffset bytes from the start of the command buffer
 * @param or ORed into the value
 * @param shift shift to the left; negative is to the right
 * @param relocIdx index of the buffer in the table of buffers
 * @param relocOffset added to the buffer's iova
 */
public record GemSubmitReloc(int submitOffset, int or, int shift, int relocIdx, long relocOffset) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_submit_reloc",
          U32.withName("submit_offset"),
          U32.withName("or"),
          S32.withName("shift"),
          U32.withName("reloc_idx"),
          U64.withName("reloc_offset"));

  public static final long SUBMIT_OFFSET_OFFSET = offsetof(LAYOUT, "submit_offset");
  public static final long OR_OFFSET = offsetof(LAYOUT, "or");
  public static final long SHIFT_OFFSET = offsetof(LAYOUT, "shift");
  public static final long RELOC_IDX_OFFSET = offsetof(LAYOUT, "reloc_idx");
  public static final long RELOC_OFFSET_OFFSET = offsetof(LAYOUT, "reloc_offset");

  /** Decodes the struct at {@code at}. */
  public static GemSubmitReloc read(MemorySegment memory, long at) {
    return new GemSubmitReloc(
        memory.get(U32, at + SUBMIT_OFFSET_OFFSET),
        memory.get(U32, at + OR_OFFSET),
        memory.get(S32, at + SHIFT_OFFSET),
        memory.get(U32, at + RELOC_IDX_OFFSET),
        memory.get(U64, at + RELOC_OFFSET_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + SUBMIT_OFFSET_OFFSET, submitOffset);
    memory.set(U32, at + OR_OFFSET, or);
    memory.set(S32, at + SHIFT_OFFSET, shift);
    memory.set(U32, at + RELOC_IDX_OFFSET, relocIdx);
    memory.set(U64, at + RELOC_OFFSET_OFFSET, relocOffset);
  }
}
