package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.AtomicState.Change;
import org.smmulator.drm.kms.PlaneState.Rectangle;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeColorLut;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * The ioctls of the time before atomic commits, as atomic changes. Kernel: {@code
 * drm_atomic_helper_set_config()}, {@code drm_atomic_helper_page_flip()} and their like.
 *
 * <p>All are called under the lock of {@link ModeConfig#lock}, but for {@link #remove}.
 */
public final class LegacyChanges {
  private LegacyChanges() {}

  /**
   * A CRTC's picture that is to be.
   *
   * @param mode null to turn it off
   * @param fb null to turn it off
   */
  public record Output(
      Crtc crtc,
      @Nullable DisplayMode mode,
      @Nullable Framebuffer fb,
      int x,
      int y,
      ImmutableList<Connector> connectors) {}

  /**
   * Sets a CRTC up. Kernel: {@code drm_atomic_helper_set_config()}.
   *
   * @throws ErrnoException what makes it impossible
   */
  public static void setConfig(ModeConfig config, Output output) throws ErrnoException {
    try (AtomicState change = new AtomicState(config)) {
      CrtcState crtc = change.crtc(output.crtc());
      PlaneState primary = change.plane(output.crtc().primary());
      DisplayMode mode = output.mode();
      setMode(config, crtc, mode);
      crtc.active = mode != null;
      change.setCrtc(primary, mode == null ? null : output.crtc());
      primary.setFb(mode == null ? null : output.fb());
      if (mode != null) {
        primary.place(
            new Rectangle(0, 0, mode.width(), mode.height()),
            output.x() << 16,
            output.y() << 16,
            mode.width() << 16,
            mode.height() << 16);
      }
      connect(change, output);
      new AtomicCheck(change).checkConflicts(true);
      change.commit();
    }
  }

  /** Kernel: {@code drm_atomic_set_mode_for_crtc()}. */
  private static void setMode(ModeConfig config, CrtcState crtc, @Nullable DisplayMode mode)
      throws ErrnoException {
    if (mode == null) {
      crtc.setMode(null, null);
      return;
    }
    PropertyBlob blob = config.blobs().create(CStruct.sizeof(ModeInfo.LAYOUT));
    mode.info().write(blob.bytes(), 0);
    crtc.setMode(mode, blob);
  }

  /** Kernel: {@code update_output_state()}. */
  private static void connect(AtomicState change, Output output) {
    change.addConnectorsOf(output.crtc());
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      if (connector.after().crtc == output.crtc()) {
        change.setCrtc(connector.after(), null);
        connector.after().linkStatus = 0;
      }
    }
    for (Connector connector : output.connectors()) {
      change.setCrtc(change.connector(connector), output.crtc());
    }
    for (Change<Crtc, CrtcState> other : change.crtcs()) {
      if (other.object() != output.crtc() && other.after().connectorMask == 0) {
        other.after().setMode(null, null);
        other.after().active = false;
      }
    }
  }

  /**
   * Shows a framebuffer on a plane. Kernel: {@code drm_atomic_helper_update_plane()}.
   *
   * @param source 16.16 fixed point
   * @throws ErrnoException EINVAL, ERANGE, ENOSPC as the plane is checked; the driver's
   */
  public static void updatePlane(
      Plane plane, Crtc crtc, Framebuffer fb, Rectangle onCrtc, Rectangle source, ModeConfig config)
      throws ErrnoException {
    AtomicCheck.checkFits(plane, crtc, fb, onCrtc, source);
    try (AtomicState change = new AtomicState(config)) {
      PlaneState state = change.plane(plane);
      change.setCrtc(state, crtc);
      state.setFb(fb);
      state.place(onCrtc, source.x(), source.y(), source.width(), source.height());
      change.legacyCursorUpdate = plane == crtc.cursor();
      change.commit();
    }
  }

  /**
   * Turns a plane off. Kernel: {@code drm_atomic_helper_disable_plane()}.
   *
   * @throws ErrnoException what makes it impossible
   */
  public static void disablePlane(Plane plane, ModeConfig config) throws ErrnoException {
    try (AtomicState change = new AtomicState(config)) {
      PlaneState state = change.plane(plane);
      change.legacyCursorUpdate = state.crtc != null && state.crtc.cursor() == plane;
      turnOff(change, state);
      change.commit();
    }
  }

  private static void turnOff(AtomicState change, PlaneState state) {
    change.setCrtc(state, null);
    state.setFb(null);
    state.place(new Rectangle(0, 0, 0, 0), 0, 0, 0, 0);
  }

  /**
   * Shows another framebuffer from the next vblank, without waiting. Kernel: {@code
   * drm_atomic_helper_page_flip()}.
   *
   * @param event sent when it shows; null for none
   * @throws ErrnoException EINVAL if the CRTC is off; EBUSY; what makes it impossible
   */
  public static void pageFlip(
      Crtc crtc, Framebuffer fb, @Nullable VblankEvent event, ModeConfig config)
      throws ErrnoException {
    try (AtomicState change = new AtomicState(config)) {
      CrtcState state = change.crtc(crtc);
      state.event = event;
      PlaneState plane = change.plane(crtc.primary());
      change.setCrtc(plane, crtc);
      plane.setFb(fb);
      change.setAllowModeset(false);
      if (!state.active) {
        throw EINVAL.because("%s is off", crtc.name());
      }
      change.commitWithoutWaiting();
    }
  }

  /**
   * Checks that what a plane shows of its framebuffer is in {@code fb} too.
   *
   * @throws ErrnoException ENOSPC
   */
  public static void checkFlip(Plane plane, Framebuffer fb) throws ErrnoException {
    AtomicCheck.checkSource(fb, plane.state().source());
  }

  /**
   * Checks that a part of {@code fb} is in it. Kernel: {@code drm_crtc_check_viewport()}.
   *
   * @param source 16.16 fixed point
   * @throws ErrnoException ENOSPC
   */
  public static void checkViewport(Framebuffer fb, Rectangle source) throws ErrnoException {
    AtomicCheck.checkSource(fb, source);
  }

  /**
   * Turns a connector on or off, and keeps its mode. Kernel: {@code
   * drm_atomic_connector_commit_dpms()}.
   *
   * @throws ErrnoException what makes it impossible
   */
  public static void setDpms(Connector connector, long value, ModeConfig config)
      throws ErrnoException {
    int wanted = value == Connector.DPMS_ON ? Connector.DPMS_ON : Connector.DPMS_OFF;
    int before = connector.dpms;
    if (before == wanted) {
      return;
    }
    connector.dpms = wanted;
    Crtc crtc = connector.state().crtc();
    if (crtc == null) {
      return;
    }
    try (AtomicState change = new AtomicState(config)) {
      change.addConnectorsOf(crtc);
      change.crtc(crtc).active =
          change.connectors().stream()
              .anyMatch(
                  other -> other.after().crtc == crtc && other.object().dpms == Connector.DPMS_ON);
      change.commit();
    } catch (ErrnoException e) {
      connector.dpms = before;
      throw e;
    }
  }

  /** Returns whether {@code propertyId} is the one property that only old ioctls set. */
  public static boolean isDpms(ModeConfig config, int propertyId) {
    return config.standard().dpms.id() == propertyId;
  }

  /**
   * Sets properties of one object, and waits until that shows. Kernel: {@code
   * set_property_atomic()}.
   *
   * @throws ErrnoException EINVAL for a value; what makes it impossible
   */
  public static void setProperty(
      ModeConfig config, KmsFile file, Caller caller, ModeObject object, int propertyId, long value)
      throws ErrnoException {
    if (isDpms(config, propertyId)) {
      if (!(object instanceof Connector connector)) {
        throw EINVAL.because("DPMS is a connector's");
      }
      setDpms(connector, value, config);
      return;
    }
    try (AtomicState change = new AtomicState(config)) {
      AtomicProperties.set(change, file, caller, object, propertyId, value);
      change.commit();
    }
  }

  /**
   * Sets a gamma ramp. Kernel: {@code drm_crtc_legacy_gamma_set()}.
   *
   * @throws ErrnoException what makes it impossible
   */
  public static void setGamma(Crtc crtc, ModeConfig config) throws ErrnoException {
    int size = crtc.gamma().size();
    PropertyBlob ramp = config.blobs().create(size * CStruct.sizeof(ModeColorLut.LAYOUT));
    for (int i = 0; i < size; i++) {
      new ModeColorLut(entry(crtc, 0, i), entry(crtc, 1, i), entry(crtc, 2, i), 0)
          .write(ramp.bytes(), (long) i * CStruct.sizeof(ModeColorLut.LAYOUT));
    }
    try (AtomicState change = new AtomicState(config)) {
      CrtcState state = change.crtc(crtc);
      CrtcState.put(state.gammaLut);
      state.gammaLut = ramp;
      change.commit();
    }
  }

  private static int entry(Crtc crtc, int color, int index) {
    MemorySegment bytes = crtc.gamma().color(color);
    return Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT, (long) index * Short.BYTES));
  }

  // ---- what goes away

  /**
   * Gives a framebuffer back that nobody may show any more. Kernel: {@code
   * drm_framebuffer_remove()}.
   *
   * @param fb with the caller's reference, which is given back
   */
  public static void remove(ModeConfig config, Framebuffer fb) {
    if (fb.references() > 1) {
      try (var _ = config.lock().lock()) {
        removeFromPlanes(config, fb);
      }
    }
    fb.put();
  }

  /** Kernel: {@code atomic_remove_fb()}: without its primary plane a CRTC may have to go off. */
  private static void removeFromPlanes(ModeConfig config, Framebuffer fb) {
    try {
      removeFromPlanes(config, fb, false);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EINVAL) {
        try {
          removeFromPlanes(config, fb, true);
          return;
        } catch (ErrnoException again) {
          warnOfRemoval(config, again);
          return;
        }
      }
      warnOfRemoval(config, e);
    }
  }

  private static void warnOfRemoval(ModeConfig config, ErrnoException e) {
    config.kernel().dmesg().warn("atomic remove_fb failed with %d", -e.errno().number());
  }

  private static void removeFromPlanes(ModeConfig config, Framebuffer fb, boolean withCrtcs)
      throws ErrnoException {
    try (AtomicState change = new AtomicState(config)) {
      for (Plane plane : config.planes()) {
        if (plane.state().fb() != fb) {
          continue;
        }
        PlaneState state = change.plane(plane);
        Crtc crtc = state.crtc;
        if (withCrtcs && crtc != null && crtc.primary() == plane) {
          disable(change, crtc);
        }
        change.setCrtc(state, null);
        state.setFb(null);
      }
      if (!change.planes().isEmpty()) {
        change.commit();
      }
    }
  }

  private static void disable(AtomicState change, Crtc crtc) {
    change.addConnectorsOf(crtc);
    CrtcState state = change.crtc(crtc);
    state.active = false;
    state.setMode(null, null);
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      change.setCrtc(connector.after(), null);
    }
  }

  /** Kernel: {@code drm_atomic_helper_disable_all()}. */
  static void disableAll(ModeConfig config) {
    try (AtomicState change = new AtomicState(config)) {
      for (Crtc crtc : config.crtcs()) {
        disable(change, crtc);
      }
      for (Plane plane : config.planes()) {
        PlaneState state = change.plane(plane);
        change.setCrtc(state, null);
        state.setFb(null);
      }
      change.commit();
    } catch (ErrnoException e) {
      config.kernel().dmesg().warn("disabling all outputs failed with %d", -e.errno().number());
    }
  }
}
