package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_create_blob}: makes a blob. */
public record ModeCreateBlob(long data, int length, int blobId) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_create_blob",
          U64.withName("data"),
          U32.withName("length"),
          U32.withName("blob_id"));

  private static final long DATA = offsetof(LAYOUT, "data");
  private static final long LENGTH = offsetof(LAYOUT, "length");
  private static final long BLOB_ID = offsetof(LAYOUT, "blob_id");

  /** Decodes the struct at {@code at}. */
  public static ModeCreateBlob read(MemorySegment memory, long at) {
    return new ModeCreateBlob(
        memory.get(U64, at + DATA), memory.get(U32, at + LENGTH), memory.get(U32, at + BLOB_ID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + DATA, data);
    memory.set(U32, at + LENGTH, length);
    memory.set(U32, at + BLOB_ID, blobId);
  }
}
