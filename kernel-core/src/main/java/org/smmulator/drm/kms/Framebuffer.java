package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;

/**
 * A picture in memory: buffers, and how pixels lie in them. Kernel: {@code struct drm_framebuffer}.
 *
 * <p>The file that made it has a reference, and so has each state that shows it.
 */
public final class Framebuffer extends ModeObject {
  private final ModeConfig config;
  private final PixelFormat format;
  private final ModeFbCmd2 layout;
  private final ImmutableList<GemObject> buffers;
  private final String comm;
  private final int pid;

  /**
   * Makes a framebuffer, with the reference of its maker, who gives those of the buffers away.
   *
   * @param comm the name of the task that made it, and {@code pid} its number
   */
  Framebuffer(
      ModeConfig config,
      PixelFormat format,
      ModeFbCmd2 layout,
      ImmutableList<GemObject> buffers,
      String comm,
      int pid) {
    super(ObjectType.FRAMEBUFFER);
    this.config = config;
    this.format = format;
    this.layout = layout;
    this.buffers = buffers;
    this.comm = comm;
    this.pid = pid;
  }

  public PixelFormat format() {
    return format;
  }

  public int width() {
    return layout.width();
  }

  public int height() {
    return layout.height();
  }

  /** Bytes from a row to the next. */
  public int pitch(int plane) {
    return layout.pitches().get(plane);
  }

  /** The byte of its buffer at which a plane begins. */
  public int offset(int plane) {
    return layout.offsets().get(plane);
  }

  /** {@code DRM_FORMAT_MOD_*}; 0 is linear. */
  public long modifier() {
    return layout.modifier().get(0);
  }

  /** The buffer of a plane, without a reference of the caller's own. */
  public GemObject buffer(int plane) {
    return buffers.get(plane);
  }

  /** The buffers of all planes. */
  public ImmutableList<GemObject> buffers() {
    return buffers;
  }

  /** The process that made it, for people. */
  public String maker() {
    return comm + "[" + pid + "]";
  }

  /** Kernel: {@code drm_framebuffer_free()}. */
  @Override
  protected void free() {
    config.objects().remove(this);
    config.framebufferGone();
    buffers.forEach(GemObject::put);
  }
}
