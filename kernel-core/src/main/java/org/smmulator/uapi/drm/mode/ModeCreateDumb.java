package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_create_dumb}: makes a buffer for pictures that the CPU draws. */
public record ModeCreateDumb(
    int height, int width, int bpp, int flags, int handle, int pitch, long size) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_create_dumb",
          U32.withName("height"),
          U32.withName("width"),
          U32.withName("bpp"),
          U32.withName("flags"),
          U32.withName("handle"),
          U32.withName("pitch"),
          U64.withName("size"));

  private static final long HEIGHT = offsetof(LAYOUT, "height");
  private static final long WIDTH = offsetof(LAYOUT, "width");
  private static final long BPP = offsetof(LAYOUT, "bpp");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long HANDLE = offsetof(LAYOUT, "handle");
  private static final long PITCH = offsetof(LAYOUT, "pitch");
  private static final long SIZE = offsetof(LAYOUT, "size");

  /** Decodes the struct at {@code at}. */
  public static ModeCreateDumb read(MemorySegment memory, long at) {
    return new ModeCreateDumb(
        memory.get(U32, at + HEIGHT),
        memory.get(U32, at + WIDTH),
        memory.get(U32, at + BPP),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + HANDLE),
        memory.get(U32, at + PITCH),
        memory.get(U64, at + SIZE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HEIGHT, height);
    memory.set(U32, at + WIDTH, width);
    memory.set(U32, at + BPP, bpp);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + HANDLE, handle);
    memory.set(U32, at + PITCH, pitch);
    memory.set(U64, at + SIZE, size);
  }
}
