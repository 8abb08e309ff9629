package org.smmulator.drm.kms;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.Edid;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeInfo;

/** A socket or a panel. Kernel: {@code struct drm_connector}. */
public final class Connector extends ModeObject {
  static final int DPMS_ON = 0;
  static final int DPMS_OFF = 3;

  private final ModeConfig config;
  private final int index;
  private final int typeNumber;
  private final Encoder encoder;
  private final ConnectorDriver driver;
  private final ImmutableList<StateProperty<ConnectorState>> properties;
  private ConnectorState state;
  private ImmutableList<DisplayMode> modes = ImmutableList.of();
  private int status = ModeGetConnector.UNKNOWN_CONNECTION;
  private @Nullable PropertyBlob edid;
  int dpms = DPMS_ON;
  Force force = Force.UNSPECIFIED;

  /**
   * The state that a tester has the connector pretend. Kernel: {@code enum drm_connector_force}.
   */
  enum Force {
    UNSPECIFIED,
    OFF,
    ON,
    ON_DIGITAL
  }

  Connector(ModeConfig config, int index, int typeNumber, Encoder encoder, ConnectorDriver driver) {
    super(ObjectType.CONNECTOR);
    this.config = config;
    this.index = index;
    this.typeNumber = typeNumber;
    this.encoder = encoder;
    this.driver = driver;
    this.state = new ConnectorState(this);
    this.properties = ConnectorProperties.of(config, this);
  }

  int index() {
    return index;
  }

  int mask() {
    return 1 << index;
  }

  public ConnectorDriver driver() {
    return driver;
  }

  /** The number among those of its type, from 1. */
  public int typeNumber() {
    return typeNumber;
  }

  /** Such as {@code DSI-1}. */
  public String name() {
    return driver.typeName() + "-" + typeNumber;
  }

  /** The one encoder that leads to it. */
  public Encoder encoder() {
    return encoder;
  }

  public ConnectorState state() {
    return state;
  }

  void setState(ConnectorState next) {
    state = next;
  }

  /** Connected or not, when it was last probed. */
  public int status() {
    return status;
  }

  /** The modes that were found when it was last probed. */
  public ImmutableList<DisplayMode> modes() {
    return modes;
  }

  /**
   * Looks what is connected. Kernel: {@code drm_helper_probe_single_connector_modes()}.
   *
   * @param maxSize modes that are larger are left out
   */
  public void probe(int maxSize) {
    boolean changed = force == Force.UNSPECIFIED ? detect() : pretend();
    if (changed && driver.isHotpluggable()) {
      config.device().hotplugEvent(0);
    }
    boolean connected = status == ModeGetConnector.CONNECTED;
    showEdid(connected ? driver.edid() : null);
    modes =
        connected
            ? driver.modes().stream()
                .filter(mode -> mode.width() <= maxSize && mode.height() <= maxSize)
                .filter(this::isValid)
                .collect(ImmutableList.toImmutableList())
            : ImmutableList.of();
  }

  /**
   * Looks whether something is connected; returns whether that has changed. Kernel: {@code
   * drm_helper_probe_detect()}.
   */
  boolean detect() {
    int before = status;
    status = driver.isConnected() ? ModeGetConnector.CONNECTED : ModeGetConnector.DISCONNECTED;
    return status != before;
  }

  /** Takes the state that is pretended; returns whether that is another one. */
  private boolean pretend() {
    int before = status;
    status = force == Force.OFF ? ModeGetConnector.DISCONNECTED : ModeGetConnector.CONNECTED;
    return status != before;
  }

  /** Kernel: {@code drm_mode_validate_flag()}, {@code drm_mode_validate_pipeline()}. */
  private boolean isValid(DisplayMode mode) {
    boolean interlaced = (mode.info().flags() & ModeInfo.FLAG_INTERLACE) != 0;
    boolean doubled = (mode.info().flags() & ModeInfo.FLAG_DBLSCAN) != 0;
    if (doubled || (interlaced && !driver.isInterlaceAllowed()) || !driver.modeValid(mode)) {
      return false;
    }
    for (Crtc crtc : config.crtcs()) {
      if ((encoder.possibleCrtcs() & crtc.mask()) != 0 && crtc.driver().modeValid(mode)) {
        return true;
      }
    }
    return false;
  }

  // ---- the monitor's description of itself

  /** The monitor's description as clients see it; null if there is none. */
  @Nullable PropertyBlob shownEdid() {
    return edid;
  }

  int edidId() {
    return edid == null ? 0 : edid.id();
  }

  /** Without memory for it, there is none. Kernel: {@code drm_edid_connector_update()}. */
  private void showEdid(@Nullable Edid found) {
    byte[] bytes = found == null ? new byte[0] : found.bytes();
    PropertyBlob shown = edid;
    if (shown != null && shown.holds(bytes)) {
      return;
    }
    edid = null;
    if (shown != null) {
      shown.put();
    }
    if (bytes.length == 0) {
      return;
    }
    try {
      PropertyBlob made = config.blobs().create(bytes.length);
      MemorySegment.copy(bytes, 0, made.bytes(), JAVA_BYTE, 0, bytes.length);
      edid = made;
    } catch (ErrnoException e) {
      // there is none then
    }
  }

  @Override
  public ImmutableList<StateProperty<ConnectorState>> properties() {
    return properties;
  }
}
