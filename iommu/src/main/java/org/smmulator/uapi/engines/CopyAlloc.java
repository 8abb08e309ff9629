package org.smmulator.uapi.engines;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct copy_alloc}: memory that the engine and the process share.
 *
 * @param sizeBytes how much
 * @param offset out: what to pass to mmap
 * @param address out: where the engine finds it
 */
public record CopyAlloc(long sizeBytes, long offset, long address) {
  public static final StructLayout LAYOUT =
      struct("copy_alloc", U64.withName("size"), U64.withName("offset"), U64.withName("address"));

  private static final long SIZE = offsetof(LAYOUT, "size");
  private static final long OFFSET = offsetof(LAYOUT, "offset");
  private static final long ADDRESS = offsetof(LAYOUT, "address");

  /** Decodes the struct at {@code at}. */
  public static CopyAlloc read(MemorySegment memory, long at) {
    return new CopyAlloc(
        memory.get(U64, at + SIZE), memory.get(U64, at + OFFSET), memory.get(U64, at + ADDRESS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + SIZE, sizeBytes);
    memory.set(U64, at + OFFSET, offset);
    memory.set(U64, at + ADDRESS, address);
  }
}
