package org.smmulator.uapi.dmabuf;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sync_set_deadline}: by when somebody hopes for a sync file.
 *
 * @param deadlineNs absolute, on CLOCK_MONOTONIC
 */
public record SyncSetDeadline(long deadlineNs, long pad) {
  public static final StructLayout LAYOUT =
      struct("sync_set_deadline", U64.withName("deadline_ns"), U64.withName("pad"));

  private static final long DEADLINE_NS = offsetof(LAYOUT, "deadline_ns");
  private static final long PAD = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static SyncSetDeadline read(MemorySegment memory, long at) {
    return new SyncSetDeadline(memory.get(U64, at + DEADLINE_NS), memory.get(U64, at + PAD));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + DEADLINE_NS, deadlineNs);
    memory.set(U64, at + PAD, pad);
  }
}
