package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.AtomicState.Change;
import org.smmulator.drm.kms.PlaneState.Rectangle;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Finds out whether a change can be made: first what no hardware could do, then what this hardware
 * cannot. Kernel: {@code drm_atomic_check_only()}, {@code drm_atomic_helper_check()}.
 */
final class AtomicCheck {
  private final AtomicState change;

  AtomicCheck(AtomicState change) {
    this.change = change;
  }

  void run() throws ErrnoException {
    for (Change<Plane, PlaneState> plane : change.planes()) {
      checkPlane(plane);
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      checkCrtc(crtc);
    }
    checkModeset();
    normalizeZpos();
    for (Change<Plane, PlaneState> plane : change.planes()) {
      if (plane.after().crtc != null) {
        plane.object().driver().atomicCheck(plane.after(), change);
      }
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().enable) {
        crtc.object().driver().atomicCheck(crtc.after());
      }
    }
    if (!change.allowModeset) {
      for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
        if (crtc.after().needsModeset()) {
          throw EINVAL.because("%s requires full modeset", crtc.object().name());
        }
      }
    }
  }

  // ---- the core's checks

  /** Kernel: {@code drm_atomic_plane_check()}. */
  private static void checkPlane(Change<Plane, PlaneState> plane) throws ErrnoException {
    PlaneState next = plane.after();
    Framebuffer fb = next.fb;
    Crtc crtc = next.crtc;
    if ((crtc == null) != (fb == null)) {
      throw EINVAL.because(crtc == null ? "FB set but no CRTC" : "CRTC set but no FB");
    }
    if (crtc == null || fb == null) {
      return;
    }
    checkFits(plane.object(), crtc, fb, next.onCrtc(), next.source());
    Crtc before = plane.before().crtc;
    if (before != null && before != crtc) {
      throw EINVAL.because("a plane switches CRTC directly");
    }
  }

  /**
   * Kernel: {@code __setplane_check()}, and the same in {@code drm_atomic_plane_check()}.
   *
   * @throws ErrnoException EINVAL for another CRTC's plane and for a format; ERANGE for a place;
   *     ENOSPC for a source beyond the framebuffer
   */
  static void checkFits(Plane plane, Crtc crtc, Framebuffer fb, Rectangle onCrtc, Rectangle source)
      throws ErrnoException {
    if ((plane.possibleCrtcs() & crtc.mask()) == 0) {
      throw EINVAL.because("%s is not for this plane", crtc.name());
    }
    if (!plane.takes(fb)) {
      throw EINVAL.because("the plane takes no %s", fb.format().fourcc());
    }
    if (onCrtc.width() < 0
        || onCrtc.x() > Integer.MAX_VALUE - onCrtc.width()
        || onCrtc.height() < 0
        || onCrtc.y() > Integer.MAX_VALUE - onCrtc.height()) {
      throw ERANGE.because("a plane at %s", onCrtc);
    }
    checkSource(fb, source);
  }

  /**
   * Kernel: {@code drm_framebuffer_check_src_coords()}.
   *
   * @throws ErrnoException ENOSPC
   */
  static void checkSource(Framebuffer fb, Rectangle source) throws ErrnoException {
    int width = fb.width() << 16;
    int height = fb.height() << 16;
    if (Integer.compareUnsigned(source.width(), width) > 0
        || Integer.compareUnsigned(source.x(), width - source.width()) > 0
        || Integer.compareUnsigned(source.height(), height) > 0
        || Integer.compareUnsigned(source.y(), height - source.height()) > 0) {
      throw ENOSPC.because("a source beyond %dx%d", fb.width(), fb.height());
    }
  }

  /** Kernel: {@code drm_atomic_crtc_check()}. */
  private static void checkCrtc(Change<Crtc, CrtcState> crtc) throws ErrnoException {
    CrtcState next = crtc.after();
    if (next.active && !next.enable) {
      throw EINVAL.because("%s is active without enabled", crtc.object().name());
    }
    if (next.event != null && !next.active && !crtc.before().active) {
      throw EINVAL.because("%s is asked for an event but off", crtc.object().name());
    }
  }

  // ---- the helper's

  /** Kernel: {@code drm_atomic_helper_check_modeset()}. */
  private void checkModeset() throws ErrnoException {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      noteChanges(crtc.before(), crtc.after());
      if (crtc.after().enable != (crtc.after().connectorMask != 0)) {
        throw EINVAL.because("%s: enabled/connectors mismatch", crtc.object().name());
      }
    }
    checkConflicts(false);
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      route(connector);
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().needsModeset()) {
        change.addConnectorsOf(crtc.object());
        change.addPlanesOf(crtc.object());
        checkClones(crtc.after());
      }
    }
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      checkMode(connector.after().crtc);
    }
    fixUpModes();
  }

  private static void noteChanges(CrtcState before, CrtcState next) {
    next.modeChanged |= !sameTimings(before.mode, next.mode);
    if (before.enable != next.enable) {
      next.modeChanged = true;
      next.connectorsChanged = true;
    }
    next.activeChanged |= before.active != next.active;
  }

  private static boolean sameTimings(@Nullable DisplayMode one, @Nullable DisplayMode other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.hasTimingsOf(other);
  }

  /**
   * Sees to it that an encoder has one connector. Kernel: {@code handle_conflicting_encoders()}.
   *
   * @param steal whether who has an encoder that is wanted loses it
   */
  void checkConflicts(boolean steal) throws ErrnoException {
    int wanted = 0;
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      if (connector.after().crtc != null) {
        int encoder = connector.object().encoder().mask();
        if ((wanted & encoder) != 0) {
          throw EINVAL.because("the encoder of %s is assigned", connector.object().name());
        }
        wanted |= encoder;
      }
    }
    for (Connector other : change.config().connectors()) {
      Encoder has = other.state().bestEncoder;
      if (change.has(other) || has == null || (wanted & has.mask()) == 0) {
        continue;
      }
      if (!steal) {
        throw EINVAL.because("the encoder is in use by %s", other.name());
      }
      turnOff(change.connector(other));
    }
  }

  private void turnOff(ConnectorState state) {
    Crtc crtc = state.crtc;
    change.setCrtc(state, null);
    if (crtc != null && change.newState(crtc).connectorMask == 0) {
      change.newState(crtc).setMode(null, null);
      change.newState(crtc).active = false;
    }
  }

  /** Kernel: {@code update_connector_routing()}. */
  private void route(Change<Connector, ConnectorState> connector) throws ErrnoException {
    ConnectorState before = connector.before();
    ConnectorState next = connector.after();
    if (before.crtc != next.crtc) {
      noteConnectors(before.crtc);
      noteConnectors(next.crtc);
    }
    Encoder encoder = connector.object().encoder();
    if (next.crtc != null && (encoder.possibleCrtcs() & next.crtc.mask()) == 0) {
      throw EINVAL.because("the encoder cannot be fed by %s", next.crtc.name());
    }
    if (before.crtc != null) {
      change.newState(before.crtc).encoderMask &= ~encoder.mask();
    }
    next.bestEncoder = next.crtc == null ? null : encoder;
    if (next.crtc != null) {
      CrtcState feeds = change.newState(next.crtc);
      feeds.encoderMask |= encoder.mask();
      feeds.connectorsChanged |= before.bestEncoder != encoder;
    }
    if (before.crtc != null && before.linkStatus != next.linkStatus) {
      noteConnectors(before.crtc);
    }
  }

  private void noteConnectors(@Nullable Crtc crtc) {
    if (crtc != null) {
      change.newState(crtc).connectorsChanged = true;
    }
  }

  /** Kernel: {@code drm_atomic_check_valid_clones()}; no encoder can be cloned here. */
  private static void checkClones(CrtcState state) throws ErrnoException {
    if (Integer.bitCount(state.encoderMask) > 1) {
      throw EINVAL.because("%s feeds two encoders", state.crtc().name());
    }
  }

  /** Kernel: {@code mode_fixup()}. */
  private void fixUpModes() {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().modeChanged || crtc.after().connectorsChanged) {
        crtc.after().adjusted = crtc.after().mode;
      }
    }
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      Encoder encoder = connector.after().bestEncoder;
      Crtc crtc = connector.after().crtc;
      CrtcState next = crtc == null ? null : change.newState(crtc);
      if (encoder != null && next != null && next.adjusted != null) {
        next.adjusted = encoder.driver().modeFixup(connector.object(), next.adjusted);
      }
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      CrtcState next = crtc.after();
      boolean changed = next.modeChanged || next.connectorsChanged;
      if (changed && next.enable && next.mode != null && next.adjusted != null) {
        next.adjusted = crtc.object().driver().modeFixup(next.mode, next.adjusted);
      }
    }
  }

  /** Kernel: {@code mode_valid()}. */
  private void checkMode(@Nullable Crtc crtc) throws ErrnoException {
    CrtcState next = crtc == null ? null : change.newState(crtc);
    if (crtc == null || next == null || !(next.modeChanged || next.connectorsChanged)) {
      return;
    }
    if (next.mode != null && !crtc.driver().modeValid(next.mode)) {
      throw EINVAL.because("%s has no such mode", crtc.name());
    }
  }

  /** Kernel: {@code drm_atomic_normalize_zpos()}. */
  private void normalizeZpos() {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.before().planeMask != crtc.after().planeMask || zposChanges(crtc.object())) {
        stack(crtc.after());
      }
    }
  }

  private boolean zposChanges(Crtc crtc) {
    return change.planes().stream()
        .anyMatch(plane -> plane.after().crtc == crtc && plane.before().zpos != plane.after().zpos);
  }

  private void stack(CrtcState state) {
    List<PlaneState> stack =
        change.config().planes().stream()
            .filter(plane -> (state.planeMask & plane.mask()) != 0)
            .map(change::plane)
            .sorted(
                Comparator.<PlaneState>comparingInt(plane -> plane.zpos)
                    .thenComparingInt(plane -> plane.plane().id()))
            .collect(ImmutableList.toImmutableList());
    for (int i = 0; i < stack.size(); i++) {
      stack.get(i).normalizedZpos = i;
    }
  }
}
