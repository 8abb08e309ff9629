package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A picture that a CRTC lays over or under others. Kernel: {@code struct drm_plane}.
 *
 * <p>Framebuffers are linear: no driver here takes another modifier on its planes.
 */
public final class Plane extends ModeObject {
  /** {@code DRM_FORMAT_MOD_LINEAR}. */
  static final long LINEAR = 0;

  /**
   * A driver's description of a plane.
   *
   * @param formats the formats it takes
   * @param zpos its place in the stack
   * @param blends whether alpha counts
   */
  public record Config(
      PlaneType type, ImmutableList<PixelFormat> formats, Stacking zpos, boolean blends) {}

  /**
   * The places in a stack that a plane can have.
   *
   * @param initial where it is at first, from {@code lowest} to {@code highest}
   */
  public record Stacking(int initial, int lowest, int highest) {
    /** A place that is given. */
    public static Stacking fixed(int at) {
      return new Stacking(at, at, at);
    }
  }

  private final int index;
  private final Config config;
  private final int possibleCrtcs;
  private final PlaneDriver driver;
  private ImmutableList<StateProperty<PlaneState>> properties = ImmutableList.of();
  private PlaneState state;

  Plane(int index, Config config, int possibleCrtcs, PlaneDriver driver) {
    super(ObjectType.PLANE);
    this.index = index;
    this.config = config;
    this.possibleCrtcs = possibleCrtcs;
    this.driver = driver;
    this.state = initialState();
  }

  /** Makes its properties; it has its number, which is before theirs. */
  void attachProperties(ModeConfig modes) throws ErrnoException {
    properties = PlaneProperties.of(modes, this);
  }

  private PlaneState initialState() {
    PlaneState made = new PlaneState(this);
    made.zpos = config.zpos().initial();
    made.normalizedZpos = made.zpos;
    return made;
  }

  int index() {
    return index;
  }

  int mask() {
    return 1 << index;
  }

  public PlaneType planeType() {
    return config.type();
  }

  public ImmutableList<PixelFormat> formats() {
    return config.formats();
  }

  Config config() {
    return config;
  }

  /** A mask of CRTCs' indices. */
  public int possibleCrtcs() {
    return possibleCrtcs;
  }

  PlaneDriver driver() {
    return driver;
  }

  public PlaneState state() {
    return state;
  }

  void setState(PlaneState next) {
    state = next;
  }

  /** Kernel: {@code drm_plane_has_format()}. */
  public boolean takes(Framebuffer fb) {
    return config.formats().contains(fb.format()) && fb.modifier() == LINEAR;
  }

  @Override
  public ImmutableList<StateProperty<PlaneState>> properties() {
    return properties;
  }
}
