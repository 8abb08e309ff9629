package org.smmulator.userspace.exynos;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.uapi.exynos.IppTaskBuffer;

/**
 * A picture for a picture processor. Its planes lie in one buffer, one behind the other.
 *
 * @param width pixels of a line
 * @param height lines
 */
public record IppPicture(ExynosBuffer buffer, Format format, int width, int height) {
  private static final int PLANES = 4;

  /** {@code DRM_FORMAT_*}, with the bytes of a pixel in each plane, or of shared chrominance. */
  public enum Format {
    XRGB8888("XR24", 1, 1, 4),
    ARGB8888("AR24", 1, 1, 4),
    RGB565("RG16", 1, 1, 2),
    BGRX8888("BX24", 1, 1, 4),
    NV12("NV12", 2, 2, 1, 2),
    NV21("NV21", 2, 2, 1, 2),
    NV16("NV16", 2, 1, 1, 2),
    NV61("NV61", 2, 1, 1, 2),
    YUYV("YUYV", 2, 1, 2),
    YVYU("YVYU", 2, 1, 2),
    UYVY("UYVY", 2, 1, 2),
    VYUY("VYUY", 2, 1, 2),
    YUV420("YU12", 2, 2, 1, 1, 1),
    YVU420("YV12", 2, 2, 1, 1, 1),
    YUV422("YU16", 2, 1, 1, 1, 1);

    private final int fourcc;
    private final int hsub;
    private final int vsub;
    private final ImmutableIntArray bytes;

    Format(String name, int hsub, int vsub, int... bytes) {
      this.fourcc =
          name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
      this.hsub = hsub;
      this.vsub = vsub;
      this.bytes = ImmutableIntArray.copyOf(bytes);
    }

    /** Its name as a number. */
    public int fourcc() {
      return fourcc;
    }

    int planes() {
      return bytes.length();
    }

    private int pitch(int plane, int width) {
      return (plane == 0 ? width : (width + hsub - 1) / hsub) * bytes.get(plane);
    }

    private int lines(int plane, int height) {
      return plane == 0 ? height : (height + vsub - 1) / vsub;
    }
  }

  /** The bytes before plane {@code index}; of the plane after the last, those of the picture. */
  public int offset(int index) {
    int offset = 0;
    for (int plane = 0; plane < index; plane++) {
      offset += format.pitch(plane, width) * format.lines(plane, height);
    }
    return offset;
  }

  /** The bytes of the picture. */
  public int sizeBytes() {
    return offset(format.planes());
  }

  /**
   * The picture as a task's parameter.
   *
   * @param id {@code TASK_BUFFER} and its type
   */
  public IppTaskBuffer asParameter(int id) {
    int[] handles = new int[PLANES];
    int[] offsets = new int[PLANES];
    int[] pitches = new int[PLANES];
    for (int plane = 0; plane < format.planes(); plane++) {
      handles[plane] = buffer.handle();
      offsets[plane] = offset(plane);
      pitches[plane] = format.pitch(plane, width);
    }
    return new IppTaskBuffer(
        id,
        format.fourcc(),
        width,
        height,
        ImmutableIntArray.copyOf(handles),
        ImmutableIntArray.copyOf(offsets),
        ImmutableIntArray.copyOf(pitches),
        0);
  }
}
