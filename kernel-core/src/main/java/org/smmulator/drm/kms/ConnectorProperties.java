package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The properties of connectors, in the order of {@code drm_connector_init()}. Kernel: {@code
 * drm_atomic_connector_set_property()}.
 */
final class ConnectorProperties {
  private static final long LINK_GOOD = 0;

  private ConnectorProperties() {}

  static ImmutableList<StateProperty<ConnectorState>> of(ModeConfig config, Connector connector) {
    StandardProperties standard = config.standard();
    return ImmutableList.of(
        property(standard.edid, connector, state -> connector.edidId(), null),
        property(
            standard.dpms,
            connector,
            state -> connector.dpms,
            (state, value, context) -> {
              throw EINVAL.because("DPMS can only be set by the old ioctls");
            }),
        property(
            standard.linkStatus,
            connector,
            state -> state.linkStatus,
            ConnectorProperties::setLinkStatus),
        property(standard.nonDesktop, connector, state -> 0, null),
        property(standard.tile, connector, state -> 0, null),
        property(
            standard.crtcId,
            connector,
            state -> state.crtc == null ? 0 : state.crtc.id(),
            ConnectorProperties::setCrtc));
  }

  private static StateProperty<ConnectorState> property(
      Property property,
      Connector connector,
      ToLongFunction<ConnectorState> getter,
      StateProperty.@Nullable Setter<ConnectorState> setter) {
    return new StateProperty<>(property, connector::state, getter, setter);
  }

  /** A client may only say that a link is good again. */
  private static void setLinkStatus(ConnectorState state, long value, PropertyContext context) {
    if (state.linkStatus != LINK_GOOD) {
      state.linkStatus = value;
    }
  }

  private static void setCrtc(ConnectorState state, long value, PropertyContext context)
      throws ErrnoException {
    Crtc crtc = context.file().findCrtc((int) value);
    if (value != 0 && crtc == null) {
      throw EACCES.because("no CRTC has the number %d", value);
    }
    context.change().setCrtc(state, crtc);
  }
}
