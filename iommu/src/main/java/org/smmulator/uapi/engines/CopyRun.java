package org.smmulator.uapi.engines;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct copy_run}: one copy.
 *
 * @param source where from: a DMA address in a buffer of the file's, or with {@link #PROCESS} one
 *     of the caller's own, or with {@link #TABLE} one that the caller chose
 * @param target where to, likewise
 * @param sizeBytes at most 4 GiB - 1
 * @param flags 0, {@link #PROCESS} or {@link #TABLE}
 * @param pad zero
 */
public record CopyRun(long source, long target, long sizeBytes, int flags, int pad) {
  /** The addresses are the caller's own: shared virtual addressing. */
  public static final int PROCESS = 1;

  /** The addresses are those of {@link CopyMap}, in the table that the file is bound to. */
  public static final int TABLE = 2;

  public static final StructLayout LAYOUT =
      struct(
          "copy_run",
          U64.withName("source"),
          U64.withName("target"),
          U64.withName("size"),
          U32.withName("flags"),
          U32.withName("pad"));

  private static final long SOURCE = offsetof(LAYOUT, "source");
  private static final long TARGET = offsetof(LAYOUT, "target");
  private static final long SIZE = offsetof(LAYOUT, "size");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static CopyRun read(MemorySegment memory, long at) {
    return new CopyRun(
        memory.get(U64, at + SOURCE),
        memory.get(U64, at + TARGET),
        memory.get(U64, at + SIZE),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + SOURCE, source);
    memory.set(U64, at + TARGET, target);
    memory.set(U64, at + SIZE, sizeBytes);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + PAD, pad);
  }
}
