package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.drm.mode.ModeCreateDumb;
import org.smmulator.uapi.drm.mode.ModeDestroyDumb;
import org.smmulator.uapi.drm.mode.ModeMapDumb;

/** Ioctls on buffers for pictures that the CPU draws. */
final class DumbIoctls {
  private static final long U32_MAX = 0xffff_ffffL;

  private final ModeConfig config;

  DumbIoctls(ModeConfig config) {
    this.config = config;
  }

  /**
   * Makes a buffer. EINVAL for a size of 0 and for one beyond 32 bits; the driver's. On failure all
   * answers are 0. Kernel: {@code drm_mode_create_dumb_ioctl()}.
   */
  void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCreateDumb asked = arg.read(ModeCreateDumb::read);
    answer(asked, 0, 0, 0).write(arg.bytes(), 0);
    checkSize(asked);
    long pitch = pitch(asked);
    if (pitch == 0 || pitch > U32_MAX) {
      throw EINVAL.because("a row of %d bytes", pitch);
    }
    long exact = Integer.toUnsignedLong(asked.height()) * pitch;
    long sizeBytes = exact + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    if (exact > U32_MAX || (sizeBytes & U32_MAX) == 0) {
      throw EINVAL.because("%d bytes", exact);
    }
    int handle = config.driver().createDumb(file, arg.caller().task(), sizeBytes);
    answer(asked, handle, (int) pitch, sizeBytes).write(arg.bytes(), 0);
  }

  private static ModeCreateDumb answer(ModeCreateDumb asked, int handle, int pitch, long size) {
    return new ModeCreateDumb(
        asked.height(), asked.width(), asked.bpp(), asked.flags(), handle, pitch, size);
  }

  /** Kernel: {@code drm_mode_create_dumb()}. */
  private static void checkSize(ModeCreateDumb asked) throws ErrnoException {
    long width = Integer.toUnsignedLong(asked.width());
    long height = Integer.toUnsignedLong(asked.height());
    long bits = Integer.toUnsignedLong(asked.bpp());
    if (width == 0 || height == 0 || bits == 0 || bits > U32_MAX - 8) {
      throw EINVAL.because("%dx%d pixels of %d bits", width, height, bits);
    }
    long pixelBytes = (bits + 7) / 8;
    if (pixelBytes > U32_MAX / width || height > U32_MAX / (pixelBytes * width)) {
      throw EINVAL.because("%dx%d pixels of %d bits are too many", width, height, bits);
    }
    long sizeBytes = height * pixelBytes * width;
    if ((sizeBytes + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE & U32_MAX) == 0) {
      throw EINVAL.because("%dx%d pixels of %d bits are too many", width, height, bits);
    }
  }

  /** Kernel: {@code drm_mode_size_dumb()}, without a pitch that the hardware wants. */
  private static long pitch(ModeCreateDumb asked) {
    PixelFormat format = colorMode(asked.bpp());
    if (format != null) {
      return format.minPitch(0, asked.width());
    }
    long bytes = (Integer.toUnsignedLong(asked.bpp()) + 7) / 8;
    return Integer.toUnsignedLong(asked.width()) * bytes & U32_MAX;
  }

  /** Kernel: {@code drm_driver_color_mode_format()}. */
  private static @Nullable PixelFormat colorMode(int bitsPerPixel) {
    return switch (bitsPerPixel) {
      case 15 -> PixelFormat.legacy(16, 15);
      case 32 -> PixelFormat.legacy(32, 24);
      default -> PixelFormat.legacy(bitsPerPixel, bitsPerPixel);
    };
  }

  /**
   * Tells where to map a buffer. What {@link org.smmulator.drm.gem.GemHandles#dumbMapOffset} gives.
   * Kernel: {@code drm_mode_mmap_dumb_ioctl()}.
   */
  void map(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeMapDumb asked = arg.read(ModeMapDumb::read);
    new ModeMapDumb(asked.handle(), asked.pad(), 0).write(arg.bytes(), 0);
    long offset = file.handles().dumbMapOffset(asked.handle());
    new ModeMapDumb(asked.handle(), asked.pad(), offset).write(arg.bytes(), 0);
  }

  /** Gives a handle back. EINVAL. Kernel: {@code drm_mode_destroy_dumb_ioctl()}. */
  void destroy(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.handles().delete(arg.read(ModeDestroyDumb::read).handle());
  }
}
