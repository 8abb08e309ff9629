package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.readText;
import static org.smmulator.uapi.CStruct.struct;
import static org.smmulator.uapi.CStruct.text;
import static org.smmulator.uapi.CStruct.writeText;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sync_merge_data}: a second sync file to merge with, and the descriptor of both
 * together as the answer.
 *
 * @param name of the new one, for people
 * @param fence the answer
 */
public record SyncMergeData(String name, int fd2, int fence, int flags, int pad) {
  private static final int TEXT_BYTES = 32;

  public static final StructLayout LAYOUT =
      struct(
          "sync_merge_data",
          text("name", TEXT_BYTES),
          S32.withName("fd2"),
          S32.withName("fence"),
          U32.withName("flags"),
          U32.withName("pad"));

  private static final long NAME = offsetof(LAYOUT, "name");
  private static final long FD2 = offsetof(LAYOUT, "fd2");
  private static final long FENCE = offsetof(LAYOUT, "fence");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static SyncMergeData read(MemorySegment memory, long at) {
    return new SyncMergeData(
        readText(memory, at + NAME, TEXT_BYTES),
        memory.get(S32, at + FD2),
        memory.get(S32, at + FENCE),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    writeText(memory, at + NAME, TEXT_BYTES, name);
    memory.set(S32, at + FD2, fd2);
    memory.set(S32, at + FENCE, fence);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + PAD, pad);
  }
}
