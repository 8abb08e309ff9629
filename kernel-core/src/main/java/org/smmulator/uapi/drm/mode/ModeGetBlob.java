package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_mode_get_blob}: the bytes of a blob.
 *
 * @param length the room there is; the answer is the blob's
 */
public record ModeGetBlob(int blobId, int length, long data) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_get_blob",
          U32.withName("blob_id"),
          U32.withName("length"),
          U64.withName("data"));

  private static final long BLOB_ID = offsetof(LAYOUT, "blob_id");
  private static final long LENGTH = offsetof(LAYOUT, "length");
  private static final long DATA = offsetof(LAYOUT, "data");

  /** Decodes the struct at {@code at}. */
  public static ModeGetBlob read(MemorySegment memory, long at) {
    return new ModeGetBlob(
        memory.get(U32, at + BLOB_ID), memory.get(U32, at + LENGTH), memory.get(U64, at + DATA));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + BLOB_ID, blobId);
    memory.set(U32, at + LENGTH, length);
    memory.set(U64, at + DATA, data);
  }
}
