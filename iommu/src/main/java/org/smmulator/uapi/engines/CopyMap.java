package org.smmulator.uapi.engines;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct copy_map}: memory of a buffer in the file's table.
 *
 * @param address where the engine finds it, which the caller chooses; whole pages
 * @param offset in the file, as mmap has it: a page of a buffer; for unmap zero
 * @param sizeBytes how much, within that buffer; whole pages. For unmap what was mapped there
 * @param flags {@link #READ}, {@link #WRITE} or both; for unmap zero
 * @param pad zero
 */
public record CopyMap(long address, long offset, long sizeBytes, int flags, int pad) {
  /** The engine may load from it. */
  public static final int READ = 1;

  /** The engine may store to it. */
  public static final int WRITE = 2;

  public static final StructLayout LAYOUT =
      struct(
          "copy_map",
          U64.withName("address"),
          U64.withName("offset"),
          U64.withName("size"),
          U32.withName("flags"),
          U32.withName("pad"));

  private static final long ADDRESS = offsetof(LAYOUT, "address");
  private static final long OFFSET = offsetof(LAYOUT, "offset");
  private static final long SIZE = offsetof(LAYOUT, "size");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static CopyMap read(MemorySegment memory, long at) {
    return new CopyMap(
        memory.get(U64, at + ADDRESS),
        memory.get(U64, at + OFFSET),
        memory.get(U64, at + SIZE),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + ADDRESS, address);
    memory.set(U64, at + OFFSET, offset);
    memory.set(U64, at + SIZE, sizeBytes);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + PAD, pad);
  }
}
