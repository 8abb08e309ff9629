package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;

/** Makes framebuffers. Kernel: {@code drm_internal_framebuffer_create()}. */
public final class Framebuffers {
  /**
   * The most of one device. Linux has no such limit but its memory, which is charged to the client;
   * here it is the host's.
   */
  public static final int MAX_FRAMEBUFFERS = 1 << 14;

  private static final long U32_MAX = 0xffff_ffffL;

  /** {@code DRM_FORMAT_MOD_SAMSUNG_64_32_TILE}: pairs of tiles, each 64 by 32. */
  private static final long SAMSUNG_64_32_TILE = 0x0400_0000_0000_0001L;

  private static final int TILES_WIDTH = 128;
  private static final int TILE_HEIGHT = 32;

  private Framebuffers() {}

  /**
   * Makes a framebuffer, with a reference of the caller's.
   *
   * @param maker who it is for
   * @throws ErrnoException EINVAL for flags, sizes, formats, handles of 0, pitches and modifiers;
   *     ERANGE beyond 32 bits; what the driver gives; ENOMEM
   */
  public static Framebuffer create(ModeConfig config, DrmFile file, Task maker, ModeFbCmd2 asked)
      throws ErrnoException {
    if ((asked.flags() & ~(ModeFbCmd2.INTERLACED | ModeFbCmd2.MODIFIERS)) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    checkSize(config, asked.width());
    checkSize(config, asked.height());
    PixelFormat format = PixelFormat.of(asked.pixelFormat());
    if (format == null) {
      throw EINVAL.because("format %#x", asked.pixelFormat());
    }
    check(format, asked);
    if (config.framebuffers() >= MAX_FRAMEBUFFERS
        || config.kernel().faults().shouldFail(Site.FRAMEBUFFER)) {
      throw ENOMEM.because("%d framebuffers", config.framebuffers());
    }
    ImmutableList<GemObject> buffers =
        ImmutableList.copyOf(config.driver().buffersOf(file, format, asked));
    config.framebufferMade();
    return config
        .objects()
        .add(new Framebuffer(config, format, asked, buffers, maker.comm(), maker.pid()));
  }

  private static void checkSize(ModeConfig config, int size) throws ErrnoException {
    if (Integer.compareUnsigned(size, config.driver().minSize()) < 0
        || Integer.compareUnsigned(size, config.driver().maxSize()) > 0) {
      throw EINVAL.because("a side of %s", Integer.toUnsignedString(size));
    }
  }

  /** Kernel: {@code framebuffer_check()}. */
  private static void check(PixelFormat format, ModeFbCmd2 asked) throws ErrnoException {
    if (asked.width() == 0 || asked.height() == 0) {
      throw EINVAL.because("%dx%d", asked.width(), asked.height());
    }
    for (int i = 0; i < format.planes(); i++) {
      checkPlane(format, asked, i);
    }
    boolean withModifiers = (asked.flags() & ModeFbCmd2.MODIFIERS) != 0;
    for (int i = format.planes(); i < ModeFbCmd2.PLANES; i++) {
      boolean used =
          asked.handles().get(i) != 0 || asked.pitches().get(i) != 0 || asked.offsets().get(i) != 0;
      if (asked.modifier().get(i) != 0 || (withModifiers && used)) {
        throw EINVAL.because("%s has no plane %d", format.fourcc(), i);
      }
    }
  }

  private static void checkPlane(PixelFormat format, ModeFbCmd2 asked, int plane)
      throws ErrnoException {
    int width = format.planeWidth(asked.width(), plane);
    int height = format.planeHeight(asked.height(), plane);
    long pitch = Integer.toUnsignedLong(asked.pitches().get(plane));
    long minPitch = format.minPitch(plane, width);
    if (asked.handles().get(plane) == 0) {
      throw EINVAL.because("no handle for plane %d", plane);
    }
    if (minPitch > U32_MAX
        || height * pitch + Integer.toUnsignedLong(asked.offsets().get(plane)) > U32_MAX) {
      throw ERANGE.because("plane %d ends beyond 32 bits", plane);
    }
    if (pitch < minPitch) {
      throw EINVAL.because("a pitch of %d for plane %d", pitch, plane);
    }
    long modifier = asked.modifier().get(plane);
    boolean withModifiers = (asked.flags() & ModeFbCmd2.MODIFIERS) != 0;
    if ((modifier != 0 && !withModifiers)
        || (withModifiers && modifier != asked.modifier().get(0))) {
      throw EINVAL.because("modifier %#x for plane %d", modifier, plane);
    }
    if (modifier == SAMSUNG_64_32_TILE
        && (!format.equals(PixelFormat.NV12)
            || width % TILES_WIDTH != 0
            || height % TILE_HEIGHT != 0
            || pitch % TILES_WIDTH != 0)) {
      throw EINVAL.because("tiles do not fill plane %d", plane);
    }
  }
}
