package org.smmulator.uapi.engines;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct copy_bind}: an address space for the engine.
 *
 * @param flags in: 0 or {@link #SHARE}; out: {@link #SHARE} if it is the caller's own, else 0
 * @param pasid out: what the engine's accesses are tagged with
 */
public record CopyBind(int flags, int pasid) {
  /** The engine walks the caller's own table; without it, whatever the kernel gives the engine. */
  public static final int SHARE = 1;

  public static final StructLayout LAYOUT =
      struct("copy_bind", U32.withName("flags"), U32.withName("pasid"));

  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long PASID = offsetof(LAYOUT, "pasid");

  /** Decodes the struct at {@code at}. */
  public static CopyBind read(MemorySegment memory, long at) {
    return new CopyBind(memory.get(U32, at + FLAGS), memory.get(U32, at + PASID));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + PASID, pasid);
  }
}
