package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.drm.kms.object.ModeObjects;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeFormatModifier;
import org.smmulator.uapi.drm.mode.ModeFormatModifierBlob;
import org.smmulator.uapi.drm.mode.ModePropertyEnum;

/**
 * The properties of planes, in the order of {@code drm_universal_plane_init()}. Kernel: {@code
 * drm_atomic_plane_set_property()}.
 */
final class PlaneProperties {
  private static final int FORMAT_BLOB_CURRENT = 1;

  private final Plane plane;
  private final ImmutableList.Builder<StateProperty<PlaneState>> all = ImmutableList.builder();

  private PlaneProperties(Plane plane) {
    this.plane = plane;
  }

  static ImmutableList<StateProperty<PlaneState>> of(ModeConfig config, Plane plane)
      throws ErrnoException {
    PlaneProperties made = new PlaneProperties(plane);
    made.addStandard(config.standard());
    made.addFormats(config);
    made.addStacking(config.objects());
    return made.all.build();
  }

  private void add(
      Property property,
      ToLongFunction<PlaneState> getter,
      StateProperty.@Nullable Setter<PlaneState> setter) {
    all.add(new StateProperty<>(property, plane::state, getter, setter));
  }

  private void addStandard(StandardProperties standard) {
    add(standard.planeType, state -> plane.planeType().number(), null);
    add(standard.fbId, state -> state.fb == null ? 0 : state.fb.id(), PlaneProperties::setFb);
    add(standard.inFenceFd, state -> -1, PlaneProperties::setInFence);
    add(
        standard.crtcId,
        state -> state.crtc == null ? 0 : state.crtc.id(),
        PlaneProperties::setCrtc);
    add(standard.crtcX, state -> state.crtcX, (state, value, _) -> state.crtcX = (int) value);
    add(standard.crtcY, state -> state.crtcY, (state, value, _) -> state.crtcY = (int) value);
    add(
        standard.crtcW,
        state -> Integer.toUnsignedLong(state.crtcW),
        (state, value, _) -> state.crtcW = (int) value);
    add(
        standard.crtcH,
        state -> Integer.toUnsignedLong(state.crtcH),
        (state, value, _) -> state.crtcH = (int) value);
    add(
        standard.srcX,
        state -> Integer.toUnsignedLong(state.srcX),
        (state, value, _) -> state.srcX = (int) value);
    add(
        standard.srcY,
        state -> Integer.toUnsignedLong(state.srcY),
        (state, value, _) -> state.srcY = (int) value);
    add(
        standard.srcW,
        state -> Integer.toUnsignedLong(state.srcW),
        (state, value, _) -> state.srcW = (int) value);
    add(
        standard.srcH,
        state -> Integer.toUnsignedLong(state.srcH),
        (state, value, _) -> state.srcH = (int) value);
  }

  private static void setFb(PlaneState state, long value, PropertyContext context) {
    Framebuffer fb = context.file().findFramebuffer((int) value);
    state.setFb(fb);
    if (fb != null) {
      fb.put();
    }
  }

  private static void setInFence(PlaneState state, long value, PropertyContext context)
      throws ErrnoException {
    if (state.fence != null) {
      throw EINVAL.because("the plane has a fence already");
    }
    if (value != -1) {
      state.fence = SyncFile.fenceOf(context.caller(), (int) value);
    }
  }

  private static void setCrtc(PlaneState state, long value, PropertyContext context)
      throws ErrnoException {
    Crtc crtc = context.file().findCrtc((int) value);
    if (value != 0 && crtc == null) {
      throw EACCES.because("no CRTC has the number %d", value);
    }
    context.change().setCrtc(state, crtc);
  }

  /** IN_FORMATS. Kernel: {@code create_in_format_blob()}. */
  private void addFormats(ModeConfig config) throws ErrnoException {
    ImmutableList<PixelFormat> formats = plane.formats();
    int head = CStruct.sizeof(ModeFormatModifierBlob.LAYOUT);
    int modifiersAt = head + (formats.size() * Integer.BYTES + 7 & -8);
    int length = modifiersAt + CStruct.sizeof(ModeFormatModifier.LAYOUT);
    PropertyBlob blob = config.blobs().create(length);
    new ModeFormatModifierBlob(FORMAT_BLOB_CURRENT, 0, formats.size(), head, 1, modifiersAt)
        .write(blob.bytes(), 0);
    for (int i = 0; i < formats.size(); i++) {
      blob.bytes().set(CStruct.U32, head + (long) i * Integer.BYTES, formats.get(i).code());
    }
    new ModeFormatModifier((1L << formats.size()) - 1, 0, 0, Plane.LINEAR)
        .write(blob.bytes(), modifiersAt);
    add(config.standard().inFormats, state -> blob.id(), null);
  }

  /**
   * Kernel: {@code drm_plane_create_zpos_property()}, {@code
   * drm_plane_create_blend_mode_property()}, {@code drm_plane_create_alpha_property()}.
   */
  private void addStacking(ModeObjects objects) {
    Plane.Stacking zpos = plane.config().zpos();
    boolean fixed = zpos.lowest() == zpos.highest();
    add(
        Property.range(
            objects, fixed ? Property.IMMUTABLE : 0, "zpos", zpos.lowest(), zpos.highest()),
        state -> state.zpos,
        (state, value, _) -> state.zpos = (int) value);
    if (plane.config().blends()) {
      add(
          Property.enumeration(
              objects,
              0,
              "pixel blend mode",
              named(BlendMode.NONE),
              named(BlendMode.PREMULTIPLIED),
              named(BlendMode.COVERAGE)),
          state -> state.blendMode.number(),
          (state, value, _) -> state.blendMode = BlendMode.of(value));
      add(
          Property.range(objects, 0, "alpha", 0, PlaneState.OPAQUE),
          state -> state.alpha,
          (state, value, _) -> state.alpha = (int) value);
    }
  }

  private static ModePropertyEnum named(BlendMode mode) {
    return new ModePropertyEnum(mode.number(), mode.label());
  }
}
