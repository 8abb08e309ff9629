package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct dma_buf_export_sync_file}: the fences of a buffer as a sync file, to take out or to
 * put in; {@code struct dma_buf_import_sync_file} is laid out alike.
 *
 * @param flags a mask of {@link DmaBufSync#READ} and {@link DmaBufSync#WRITE}
 * @param fd the sync file
 */
public record DmaBufSyncFile(int flags, int fd) {
  public static final StructLayout LAYOUT =
      struct("dma_buf_export_sync_file", U32.withName("flags"), S32.withName("fd"));

  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long FD = offsetof(LAYOUT, "fd");

  /** Decodes the struct at {@code at}. */
  public static DmaBufSyncFile read(MemorySegment memory, long at) {
    return new DmaBufSyncFile(memory.get(U32, at + FLAGS), memory.get(S32, at + FD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS, flags);
    memory.set(S32, at + FD, fd);
  }
}
