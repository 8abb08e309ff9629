package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeColorLut;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * The properties of CRTCs, in the order of {@code drm_crtc_init_with_planes()}. Kernel: {@code
 * drm_atomic_crtc_set_property()}.
 */
final class CrtcProperties {
  private CrtcProperties() {}

  static ImmutableList<StateProperty<CrtcState>> of(ModeConfig config, Crtc crtc) {
    StandardProperties standard = config.standard();
    ImmutableList.Builder<StateProperty<CrtcState>> all = ImmutableList.builder();
    all.add(
        property(
            standard.active,
            crtc,
            state -> state.active ? 1 : 0,
            (state, value, _) -> state.active = value != 0));
    all.add(property(standard.modeId, crtc, state -> id(state.modeBlob), CrtcProperties::setMode));
    all.add(property(standard.outFencePtr, crtc, state -> 0, CrtcProperties::setOutFence));
    all.add(
        property(
            standard.vrrEnabled,
            crtc,
            state -> state.vrrEnabled,
            (state, value, _) -> state.vrrEnabled = value));
    if (crtc.gamma().size() > 0) {
      all.add(
          property(standard.gammaLut, crtc, state -> id(state.gammaLut), CrtcProperties::setGamma));
      all.add(property(standard.gammaLutSize, crtc, _ -> crtc.gamma().size(), null));
    }
    return all.build();
  }

  private static long id(@Nullable PropertyBlob blob) {
    return blob == null ? 0 : blob.id();
  }

  private static StateProperty<CrtcState> property(
      Property property,
      Crtc crtc,
      ToLongFunction<CrtcState> getter,
      StateProperty.@Nullable Setter<CrtcState> setter) {
    return new StateProperty<>(property, crtc::state, getter, setter);
  }

  /** Kernel: {@code drm_atomic_set_mode_prop_for_crtc()}. */
  private static void setMode(CrtcState state, long value, PropertyContext context)
      throws ErrnoException {
    PropertyBlob blob = context.change().config().blobs().find((int) value);
    try {
      if (blob == state.modeBlob) {
        return;
      }
      state.setMode(null, null);
      if (blob == null) {
        return;
      }
      if (blob.length() != CStruct.sizeof(ModeInfo.LAYOUT)) {
        throw EINVAL.because("a mode of %d bytes", blob.length());
      }
      DisplayMode mode = fromUser(ModeInfo.read(blob.bytes(), 0));
      blob.get();
      state.setMode(mode, blob);
    } finally {
      CrtcState.put(blob);
    }
  }

  /** Kernel: a mode that is none is EINVAL here, whatever it lacks. */
  private static DisplayMode fromUser(ModeInfo info) throws ErrnoException {
    try {
      return DisplayMode.fromUser(info);
    } catch (ErrnoException e) {
      throw EINVAL.because("%s", e.reason());
    }
  }

  private static void setOutFence(CrtcState state, long value, PropertyContext context)
      throws ErrnoException {
    if (value != 0) {
      OutFences.clear(context.caller(), value);
      state.outFencePtr = value;
    }
  }

  private static void setGamma(CrtcState state, long value, PropertyContext context)
      throws ErrnoException {
    int entry = CStruct.sizeof(ModeColorLut.LAYOUT);
    PropertyBlob ramp = context.change().config().blobFor(value, entry);
    if (ramp != null && ramp.length() > entry * state.crtc().gamma().size()) {
      ramp.put();
      throw EINVAL.because("a gamma ramp of %d bytes", ramp.length());
    }
    CrtcState.put(state.gammaLut);
    state.gammaLut = ramp;
  }
}
