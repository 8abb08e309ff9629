package org.smmulator.drm.kms;

import org.jspecify.annotations.Nullable;

/** The picture that a connector shows, by its CRTC. Kernel: {@code struct drm_connector_state}. */
public final class ConnectorState {
  private final Connector connector;
  @Nullable Crtc crtc;
  @Nullable Encoder bestEncoder;
  long linkStatus;
  @Nullable CrtcCommit commit;

  ConnectorState(Connector connector) {
    this.connector = connector;
  }

  /** Kernel: {@code __drm_atomic_helper_connector_duplicate_state()}. */
  ConnectorState duplicate() {
    ConnectorState copy = new ConnectorState(connector);
    copy.crtc = crtc;
    copy.bestEncoder = bestEncoder;
    copy.linkStatus = linkStatus;
    return copy;
  }

  Connector connector() {
    return connector;
  }

  /** The CRTC whose picture it shows; null if it is off. */
  public @Nullable Crtc crtc() {
    return crtc;
  }

  /** The encoder that leads to it while it is on. */
  public @Nullable Encoder encoder() {
    return bestEncoder;
  }
}
