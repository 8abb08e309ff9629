package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_get_ver}: the version of the 2D engine.
 *
 * @param major the version
 * @param minor the version behind the dot
 */
public record G2dGetVer(int major, int minor) {
  public static final StructLayout LAYOUT =
      struct("drm_exynos_g2d_get_ver", U32.withName("major"), U32.withName("minor"));

  public static final long MAJOR_OFFSET = offsetof(LAYOUT, "major");
  public static final long MINOR_OFFSET = offsetof(LAYOUT, "minor");

  /** Decodes the struct at {@code at}. */
  public static G2dGetVer read(MemorySegment memory, long at) {
    return new G2dGetVer(memory.get(U32, at + MAJOR_OFFSET), memory.get(U32, at + MINOR_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + MAJOR_OFFSET, major);
    memory.set(U32, at + MINOR_OFFSET, minor);
  }
}
