package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_limit}: what sizes or scales a picture processor takes.
 *
 * @param type {@link #SCALE}, or {@link #SIZE} and one of {@code SIZE_*}
 * @param h horizontally
 * @param v vertically
 */
public record IppLimit(int type, Range h, Range v) {
  /** {@code DRM_EXYNOS_IPP_LIMIT_TYPE_SIZE}: in pixels. */
  public static final int SIZE = 1;

  /** {@code DRM_EXYNOS_IPP_LIMIT_TYPE_SCALE}: destination by source, 16.16. */
  public static final int SCALE = 2;

  /** {@code DRM_EXYNOS_IPP_LIMIT_TYPE_MASK}. */
  public static final int TYPE_MASK = 0xf;

  /** {@code DRM_EXYNOS_IPP_LIMIT_SIZE_BUFFER}: of the whole picture. */
  public static final int SIZE_BUFFER = 1 << 16;

  /** {@code DRM_EXYNOS_IPP_LIMIT_SIZE_AREA}: of the rectangle. */
  public static final int SIZE_AREA = 2 << 16;

  /** {@code DRM_EXYNOS_IPP_LIMIT_SIZE_ROTATED}: of the rectangle of a picture that is turned. */
  public static final int SIZE_ROTATED = 3 << 16;

  /** {@code DRM_EXYNOS_IPP_LIMIT_SIZE_MASK}. */
  public static final int SIZE_MASK = 0xf << 16;

  /**
   * {@code struct drm_exynos_ipp_limit_val}; 0 stands for no limit.
   *
   * @param min the least
   * @param max the most
   * @param align a power of two that the value is a multiple of
   */
  public record Range(int min, int max, int align) {
    public static final StructLayout LAYOUT =
        struct(
            "drm_exynos_ipp_limit_val",
            U32.withName("min"),
            U32.withName("max"),
            U32.withName("align"),
            U32.withName("reserved"));

    private static final long MAX = offsetof(LAYOUT, "max");
    private static final long ALIGN = offsetof(LAYOUT, "align");
    private static final long RESERVED = offsetof(LAYOUT, "reserved");

    private static Range read(MemorySegment memory, long at) {
      return new Range(memory.get(U32, at), memory.get(U32, at + MAX), memory.get(U32, at + ALIGN));
    }

    private void write(MemorySegment memory, long at) {
      memory.set(U32, at, min);
      memory.set(U32, at + MAX, max);
      memory.set(U32, at + ALIGN, align);
      memory.set(U32, at + RESERVED, 0);
    }
  }

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ipp_limit",
          U32.withName("type"),
          U32.withName("reserved"),
          Range.LAYOUT.withName("h"),
          Range.LAYOUT.withName("v"));

  public static final long RESERVED_OFFSET = offsetof(LAYOUT, "reserved");
  public static final long H_OFFSET = offsetof(LAYOUT, "h");
  public static final long V_OFFSET = offsetof(LAYOUT, "v");

  /** Decodes the struct at {@code at}. */
  public static IppLimit read(MemorySegment memory, long at) {
    return new IppLimit(
        memory.get(U32, at), Range.read(memory, at + H_OFFSET), Range.read(memory, at + V_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at, type);
    memory.set(U32, at + RESERVED_OFFSET, 0);
    h.write(memory, at + H_OFFSET);
    v.write(memory, at + V_OFFSET);
  }
}
