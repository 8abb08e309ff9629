package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_client}: who has the device open, as far as GET_CLIENT still tells.
 *
 * @param idx which client is asked about
 * @param auth 1 if the file is authenticated
 */
public record DrmClient(int idx, int auth, long pid, long uid, long magic, long iocs) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_client",
          S32.withName("idx"),
          S32.withName("auth"),
          U64.withName("pid"),
          U64.withName("uid"),
          U64.withName("magic"),
          U64.withName("iocs"));

  private static final long IDX = offsetof(LAYOUT, "idx");
  private static final long AUTH = offsetof(LAYOUT, "auth");
  private static final long PID = offsetof(LAYOUT, "pid");
  private static final long UID = offsetof(LAYOUT, "uid");
  private static final long MAGIC = offsetof(LAYOUT, "magic");
  private static final long IOCS = offsetof(LAYOUT, "iocs");

  /** Decodes the struct at {@code at}. */
  public static DrmClient read(MemorySegment memory, long at) {
    return new DrmClient(
        memory.get(S32, at + IDX),
        memory.get(S32, at + AUTH),
        memory.get(U64, at + PID),
        memory.get(U64, at + UID),
        memory.get(U64, at + MAGIC),
        memory.get(U64, at + IOCS));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(S32, at + IDX, idx);
    memory.set(S32, at + AUTH, auth);
    memory.set(U64, at + PID, pid);
    memory.set(U64, at + UID, uid);
    memory.set(U64, at + MAGIC, magic);
    memory.set(U64, at + IOCS, iocs);
  }
}
