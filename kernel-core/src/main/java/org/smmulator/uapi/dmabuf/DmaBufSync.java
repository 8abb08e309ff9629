package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct dma_buf_sync}: the CPU begins or ends to use a buffer.
 *
 * @param flags a mask of the constants here
 */
public record DmaBufSync(long flags) {
  /** {@code DMA_BUF_SYNC_READ}. */
  public static final int READ = 1;

  /** {@code DMA_BUF_SYNC_WRITE}. */
  public static final int WRITE = 1 << 1;

  /** {@code DMA_BUF_SYNC_END}: it ends; without it, it begins. */
  public static final int END = 1 << 2;

  public static final StructLayout LAYOUT = struct("dma_buf_sync", U64.withName("flags"));

  private static final long FLAGS = offsetof(LAYOUT, "flags");

  /** Decodes the struct at {@code at}. */
  public static DmaBufSync read(MemorySegment memory, long at) {
    return new DmaBufSync(memory.get(U64, at + FLAGS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + FLAGS, flags);
  }
}
