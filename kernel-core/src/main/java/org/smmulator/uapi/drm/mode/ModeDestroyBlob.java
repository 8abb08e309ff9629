package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_destroy_blob}: gives a blob back. */
public record ModeDestroyBlob(int blobId) {
  public static final StructLayout LAYOUT =
      struct("drm_mode_destroy_blob", U32.withName("blob_id"));

  private static final long BLOB_ID = offsetof(LAYOUT, "blob_id");

  /** Decodes the struct at {@code at}. */
  public static ModeDestroyBlob read(MemorySegment memory, long at) {
    return new ModeDestroyBlob(memory.get(U32, at + BLOB_ID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + BLOB_ID, blobId);
  }
}
