package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.readText;
import static org.smmulator.uapi.CStruct.struct;
import static org.smmulator.uapi.CStruct.text;
import static org.smmulator.uapi.CStruct.writeText;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sync_file_info}: a sync file and its fences.
 *
 * @param status as in {@link SyncFenceInfo}, of all together
 * @param numFences how many there is room for, and then how many there are
 * @param syncFenceInfo points to room for {@link SyncFenceInfo}
 */
public record SyncFileInfo(
    String name, int status, int flags, int numFences, int pad, long syncFenceInfo) {
  private static final int TEXT_BYTES = 32;

  public static final StructLayout LAYOUT =
      struct(
          "sync_file_info",
          text("name", TEXT_BYTES),
          S32.withName("status"),
          U32.withName("flags"),
          U32.withName("num_fences"),
          U32.withName("pad"),
          U64.withName("sync_fence_info"));

  private static final long NAME = offsetof(LAYOUT, "name");
  private static final long STATUS = offsetof(LAYOUT, "status");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long NUM_FENCES = offsetof(LAYOUT, "num_fences");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long SYNC_FENCE_INFO = offsetof(LAYOUT, "sync_fence_info");

  /** Decodes the struct at {@code at}. */
  public static SyncFileInfo read(MemorySegment memory, long at) {
    return new SyncFileInfo(
        readText(memory, at + NAME, TEXT_BYTES),
        memory.get(S32, at + STATUS),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + NUM_FENCES),
        memory.get(U32, at + PAD),
        memory.get(U64, at + SYNC_FENCE_INFO));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    writeText(memory, at + NAME, TEXT_BYTES, name);
    memory.set(S32, at + STATUS, status);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + NUM_FENCES, numFences);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + SYNC_FENCE_INFO, syncFenceInfo);
  }
}
