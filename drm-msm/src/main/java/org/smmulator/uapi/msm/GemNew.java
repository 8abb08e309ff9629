package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_new}: makes a buffer.
 *
 * @param size size in bytes; the kernel rounds it up to pages
 * @param flags a mask of the flags here; exactly one cache mode
 * @param handle out: the new GEM handle
 */
public record GemNew(long size, int flags, int handle) {
  public static final int SCANOUT = 0x1;
  public static final int GPU_READONLY = 0x2;
  public static final int NO_SHARE = 0x4;
  public static final int CACHE_MASK = 0xf0000;
  public static final int CACHED = 0x10000;
  public static final int WC = 0x20000;

  /** Deprecated. */
  public static final int UNCACHED = 0x40000;

  public static final int CACHED_COHERENT = 0x80000;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_new", U64.withName("size"), U32.withName("flags"), U32.withName("handle"));

  public static final long SIZE_OFFSET = offsetof(LAYOUT, "size");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");

  /** Decodes the struct at {@code at}. */
  public static GemNew read(MemorySegment memory, long at) {
    return new GemNew(
        memory.get(U64, at + SIZE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + HANDLE_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + SIZE_OFFSET, size);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + HANDLE_OFFSET, handle);
  }
}
