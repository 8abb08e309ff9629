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
 * {@code struct sync_fence_info}: one fence of a sync file.
 *
 * @param objName of its timeline
 * @param status 1 if it has signalled, 0 if not, negative if its work failed
 * @param timestampNs when it signalled, on CLOCK_MONOTONIC
 */
public record SyncFenceInfo(
    String objName, String driverName, int status, int flags, long timestampNs) {
  private static final int TEXT_BYTES = 32;

  public static final StructLayout LAYOUT =
      struct(
          "sync_fence_info",
          text("obj_name", TEXT_BYTES),
          text("driver_name", TEXT_BYTES),
          S32.withName("status"),
          U32.withName("flags"),
          U64.withName("timestamp_ns"));

  private static final long OBJ_NAME = offsetof(LAYOUT, "obj_name");
  private static final long DRIVER_NAME = offsetof(LAYOUT, "driver_name");
  private static final long STATUS = offsetof(LAYOUT, "status");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long TIMESTAMP_NS = offsetof(LAYOUT, "timestamp_ns");

  /** Decodes the struct at {@code at}. */
  public static SyncFenceInfo read(MemorySegment memory, long at) {
    return new SyncFenceInfo(
        readText(memory, at + OBJ_NAME, TEXT_BYTES),
        readText(memory, at + DRIVER_NAME, TEXT_BYTES),
        memory.get(S32, at + STATUS),
        memory.get(U32, at + FLAGS),
        memory.get(U64, at + TIMESTAMP_NS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    writeText(memory, at + OBJ_NAME, TEXT_BYTES, objName);
    writeText(memory, at + DRIVER_NAME, TEXT_BYTES, driverName);
    memory.set(S32, at + STATUS, status);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U64, at + TIMESTAMP_NS, timestampNs);
  }
}
