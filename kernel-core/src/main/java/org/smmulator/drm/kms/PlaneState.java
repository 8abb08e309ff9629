package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;

/**
 * The picture that a plane shows, and its place. Kernel: {@code struct drm_plane_state}.
 *
 * <p>It holds a reference to its framebuffer until {@link #release}.
 */
public final class PlaneState {
  /** {@code DRM_BLEND_ALPHA_OPAQUE}. */
  public static final int OPAQUE = 0xffff;

  /** A place and a size. */
  public record Rectangle(int x, int y, int width, int height) {}

  private final Plane plane;
  @Nullable Crtc crtc;
  @Nullable Framebuffer fb;
  @Nullable Fence fence;
  ImmutableList<Fence> fences = ImmutableList.of();
  int crtcX;
  int crtcY;
  int crtcW;
  int crtcH;
  int srcX;
  int srcY;
  int srcW;
  int srcH;
  int alpha = OPAQUE;
  BlendMode blendMode = BlendMode.PREMULTIPLIED;
  int zpos;
  int normalizedZpos;
  @Nullable CrtcCommit commit;
  private @Nullable Object checked;

  PlaneState(Plane plane) {
    this.plane = plane;
  }

  /** Kernel: {@code __drm_atomic_helper_plane_duplicate_state()}. */
  PlaneState duplicate() {
    PlaneState copy = new PlaneState(plane);
    copy.crtc = crtc;
    copy.setFb(fb);
    copy.crtcX = crtcX;
    copy.crtcY = crtcY;
    copy.crtcW = crtcW;
    copy.crtcH = crtcH;
    copy.srcX = srcX;
    copy.srcY = srcY;
    copy.srcW = srcW;
    copy.srcH = srcH;
    copy.alpha = alpha;
    copy.blendMode = blendMode;
    copy.zpos = zpos;
    copy.normalizedZpos = normalizedZpos;
    copy.checked = checked;
    return copy;
  }

  /** Kernel: {@code drm_atomic_set_fb_for_plane()}. */
  void setFb(@Nullable Framebuffer next) {
    if (next != null) {
      next.get();
    }
    if (fb != null) {
      fb.put();
    }
    fb = next;
  }

  /** Gives back what the state holds. Kernel: {@code drm_atomic_helper_plane_destroy_state()}. */
  void release() {
    setFb(null);
  }

  void place(Rectangle onCrtc, int x, int y, int width, int height) {
    crtcX = onCrtc.x();
    crtcY = onCrtc.y();
    crtcW = onCrtc.width();
    crtcH = onCrtc.height();
    srcX = x;
    srcY = y;
    srcW = width;
    srcH = height;
  }

  public Plane plane() {
    return plane;
  }

  /** The CRTC that it is a part of; null if it is off. */
  public @Nullable Crtc crtc() {
    return crtc;
  }

  /** The picture; null if it is off. */
  public @Nullable Framebuffer fb() {
    return fb;
  }

  /** The picture of a plane that is on. */
  public Framebuffer picture() {
    return Objects.requireNonNull(fb, "the plane is off");
  }

  /** The place on the CRTC. */
  public Rectangle onCrtc() {
    return new Rectangle(crtcX, crtcY, crtcW, crtcH);
  }

  /** Which part of the framebuffer, 16.16 fixed point. */
  public Rectangle source() {
    return new Rectangle(srcX, srcY, srcW, srcH);
  }

  /** Of the whole plane, up to {@link #OPAQUE}. */
  public int alpha() {
    return alpha;
  }

  public BlendMode blendMode() {
    return blendMode;
  }

  /** The place in the stack of its CRTC's planes, from 0 without gaps. */
  public int normalizedZpos() {
    return normalizedZpos;
  }

  /** The driver's note from when it checked the state. */
  public Object checked() {
    return Objects.requireNonNull(checked, "the state was not checked");
  }

  /** Notes what the driver needs when the state is shown. */
  public void setChecked(Object noted) {
    checked = noted;
  }
}
