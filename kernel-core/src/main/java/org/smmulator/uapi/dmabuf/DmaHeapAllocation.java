package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct dma_heap_allocation_data}: asks a heap for a shared buffer.
 *
 * @param len its size in bytes
 * @param fd 0; then the buffer
 * @param fdFlags how the buffer is open: O_CLOEXEC and the access mode
 * @param heapFlags 0
 */
public record DmaHeapAllocation(long len, int fd, int fdFlags, long heapFlags) {
  public static final StructLayout LAYOUT =
      struct(
          "dma_heap_allocation_data",
          U64.withName("len"),
          U32.withName("fd"),
          U32.withName("fd_flags"),
          U64.withName("heap_flags"));

  private static final long LEN = offsetof(LAYOUT, "len");
  private static final long FD = offsetof(LAYOUT, "fd");
  private static final long FD_FLAGS = offsetof(LAYOUT, "fd_flags");
  private static final long HEAP_FLAGS = offsetof(LAYOUT, "heap_flags");

  /** Decodes the struct at {@code at}. */
  public static DmaHeapAllocation read(MemorySegment memory, long at) {
    return new DmaHeapAllocation(
        memory.get(U64, at + LEN),
        memory.get(U32, at + FD),
        memory.get(U32, at + FD_FLAGS),
        memory.get(U64, at + HEAP_FLAGS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + LEN, len);
    memory.set(U32, at + FD, fd);
    memory.set(U32, at + FD_FLAGS, fdFlags);
    memory.set(U64, at + HEAP_FLAGS, heapFlags);
  }
}
