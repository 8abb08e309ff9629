package org.smmulator.drm.kms;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.drm.kms.vblank.VblankEvent;

/**
 * The setting of a CRTC. Kernel: {@code struct drm_crtc_state}.
 *
 * <p>It holds references to its blobs until {@link #release}.
 */
public final class CrtcState {
  private final Crtc crtc;
  boolean enable;
  boolean active;
  @Nullable DisplayMode mode;
  @Nullable DisplayMode adjusted;
  @Nullable PropertyBlob modeBlob;
  long vrrEnabled;
  @Nullable PropertyBlob degammaLut;
  @Nullable PropertyBlob ctm;
  @Nullable PropertyBlob gammaLut;
  int planeMask;
  int connectorMask;
  int encoderMask;
  boolean modeChanged;
  boolean activeChanged;
  boolean connectorsChanged;
  @Nullable VblankEvent event;
  @Nullable CrtcCommit commit;
  long outFencePtr;

  CrtcState(Crtc crtc) {
    this.crtc = crtc;
  }

  /** Kernel: {@code __drm_atomic_helper_crtc_duplicate_state()}. */
  CrtcState duplicate() {
    CrtcState copy = new CrtcState(crtc);
    copy.enable = enable;
    copy.active = active;
    copy.mode = mode;
    copy.adjusted = adjusted;
    copy.modeBlob = shared(modeBlob);
    copy.vrrEnabled = vrrEnabled;
    copy.degammaLut = shared(degammaLut);
    copy.ctm = shared(ctm);
    copy.gammaLut = shared(gammaLut);
    copy.planeMask = planeMask;
    copy.connectorMask = connectorMask;
    copy.encoderMask = encoderMask;
    return copy;
  }

  private static @Nullable PropertyBlob shared(@Nullable PropertyBlob blob) {
    if (blob != null) {
      blob.get();
    }
    return blob;
  }

  static void put(@Nullable PropertyBlob blob) {
    if (blob != null) {
      blob.put();
    }
  }

  /** Gives back what the state holds. */
  void release() {
    put(modeBlob);
    put(degammaLut);
    put(ctm);
    put(gammaLut);
  }

  /**
   * Sets the mode, and enables the CRTC; null disables it. Kernel: {@code
   * drm_atomic_set_mode_prop_for_crtc()}.
   *
   * @param blob that clients see, with a reference that moves in
   */
  void setMode(@Nullable DisplayMode next, @Nullable PropertyBlob blob) {
    put(modeBlob);
    modeBlob = blob;
    mode = next;
    enable = next != null;
  }

  public Crtc crtc() {
    return crtc;
  }

  /** Returns whether it has a mode, and connectors. */
  public boolean isEnabled() {
    return enable;
  }

  /** Returns whether it shows something. */
  public boolean isActive() {
    return active;
  }

  /** The mode; null if it is disabled. */
  public @Nullable DisplayMode mode() {
    return mode;
  }

  /** The mode of one that is enabled. */
  public DisplayMode timings() {
    return Objects.requireNonNull(mode, "the CRTC is disabled");
  }

  /**
   * The timings that the display really has, which encoder and CRTC have made of the mode. Kernel:
   * {@code drm_crtc_state.adjusted_mode}.
   */
  public DisplayMode adjusted() {
    return Objects.requireNonNull(adjusted, "the CRTC is disabled");
  }

  /** The gamma ramp; null for none. */
  public @Nullable PropertyBlob gammaLut() {
    return gammaLut;
  }

  /** Kernel: {@code drm_atomic_crtc_needs_modeset()}. */
  boolean needsModeset() {
    return modeChanged || activeChanged || connectorsChanged;
  }

  /** Takes the event that the driver is to send with the change; null if there is none. */
  public @Nullable VblankEvent takeEvent() {
    VblankEvent taken = event;
    event = null;
    return taken;
  }
}
