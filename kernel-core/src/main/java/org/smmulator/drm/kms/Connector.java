package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.uapi.drm.mode.ModeGetConnector;

/** A socket or a panel. Kernel: {@code struct drm_connector}. */
public final class Connector extends ModeObject {
  static final int DPMS_ON = 0;
  static final int DPMS_OFF = 3;

  private final int index;
  private final int typeNumber;
  private final Encoder encoder;
  private final ConnectorDriver driver;
  private final ImmutableList<StateProperty<ConnectorState>> properties;
  private ConnectorState state;
  private ImmutableList<DisplayMode> modes = ImmutableList.of();
  private int status = ModeGetConnector.UNKNOWN_CONNECTION;
  int dpms = DPMS_ON;

  Connector(ModeConfig config, int index, int typeNumber, Encoder encoder, ConnectorDriver driver) {
    super(ObjectType.CONNECTOR);
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
    boolean connected = driver.isConnected();
    status = connected ? ModeGetConnector.CONNECTED : ModeGetConnector.DISCONNECTED;
    modes =
        connected
            ? driver.modes().stream()
                .filter(mode -> mode.width() <= maxSize && mode.height() <= maxSize)
                .collect(ImmutableList.toImmutableList())
            : ImmutableList.of();
  }

  @Override
  public ImmutableList<StateProperty<ConnectorState>> properties() {
    return properties;
  }
}
