package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_submit_bo}: one buffer that a submit refers to.
 *
 * @param flags a mask of {@link #READ}, {@link #WRITE}, {@link #DUMP} and {@link #NO_IMPLICIT}
 * @param handle the GEM handle, valid in the calling file only
 * @param presumed where userspace thinks the buffer is; zero if it does not know
 */
public record GemSubmitBo(int flags, int handle, long presumed) {
  public static final int READ = 1;
  public static final int WRITE = 2;

  /** Include the buffer in a crash dump. */
  public static final int DUMP = 4;

  /** No implicit synchronisation for this buffer. */
  public static final int NO_IMPLICIT = 8;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_submit_bo",
          U32.withName("flags"),
          U32.withName("handle"),
          U64.withName("presumed"));

  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long PRESUMED_OFFSET = offsetof(LAYOUT, "presumed");

  /** Decodes the struct at {@code at}. */
  public static GemSubmitBo read(MemorySegment memory, long at) {
    return new GemSubmitBo(
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U64, at + PRESUMED_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U64, at + PRESUMED_OFFSET, presumed);
  }
}
