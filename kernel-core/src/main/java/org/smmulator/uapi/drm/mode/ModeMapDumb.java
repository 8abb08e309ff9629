package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_map_dumb}: where such a buffer can be mapped. */
public record ModeMapDumb(int handle, int pad, long offset) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_map_dumb", U32.withName("handle"), U32.withName("pad"), U64.withName("offset"));

  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long OFFSET = offsetof(LAYOUT, "offset");

  /** Decodes the struct at {@code at}. */
  public static ModeMapDumb read(MemorySegment memory, long at) {
    return new ModeMapDumb(
        memory.get(U32, at + HANDLE), memory.get(U32, at + PAD), memory.get(U64, at + OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + OFFSET, offset);
  }
}
