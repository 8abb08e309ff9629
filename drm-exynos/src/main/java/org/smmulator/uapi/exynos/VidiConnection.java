package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_vidi_connection}: connects or disconnects the virtual display.
 *
 * @param connection 1 to connect, 0 to disconnect
 * @param extensions how many blocks follow the first of the EDID
 * @param edid points to the EDID
 */
public record VidiConnection(int connection, int extensions, long edid) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_vidi_connection",
          U32.withName("connection"),
          U32.withName("extensions"),
          U64.withName("edid"));

  public static final long CONNECTION_OFFSET = offsetof(LAYOUT, "connection");
  public static final long EXTENSIONS_OFFSET = offsetof(LAYOUT, "extensions");
  public static final long EDID_OFFSET = offsetof(LAYOUT, "edid");

  /** Decodes the struct at {@code at}. */
  public static VidiConnection read(MemorySegment memory, long at) {
    return new VidiConnection(
        memory.get(U32, at + CONNECTION_OFFSET),
        memory.get(U32, at + EXTENSIONS_OFFSET),
        memory.get(U64, at + EDID_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CONNECTION_OFFSET, connection);
    memory.set(U32, at + EXTENSIONS_OFFSET, extensions);
    memory.set(U64, at + EDID_OFFSET, edid);
  }
}
