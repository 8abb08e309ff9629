package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_mode_revoke_lease}: takes a lease back. */
public record ModeRevokeLease(int lesseeId) {
  public static final StructLayout LAYOUT =
      struct("drm_mode_revoke_lease", U32.withName("lessee_id"));

  private static final long LESSEE_ID = offsetof(LAYOUT, "lessee_id");

  /** Decodes the struct at {@code at}. */
  public static ModeRevokeLease read(MemorySegment memory, long at) {
    return new ModeRevokeLease(memory.get(U32, at + LESSEE_ID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + LESSEE_ID, lesseeId);
  }
}
