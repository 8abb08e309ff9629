package org.smmulator.drm.exynos.kms;

import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.exynos.kms.Panels.PanelConnector;
import org.smmulator.drm.exynos.kms.Panels.PanelInfo;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;

/**
 * A link from the controller of the panel to the panel: an encoder, and a connector if there is a
 * panel that is known.
 *
 * @param name the symbol that the log shows
 * @param connectorType one of the {@code TYPE_*} of a connector
 */
record LinkComponent(String name, int connectorType, String typeName) implements ComponentOps {
  @Override
  public void bind(Device device, AggregateDevice aggregate, Devres binding) throws ErrnoException {
    ExynosKms kms = ExynosKms.of(aggregate);
    Crtc feeds = kms.crtc(OutputType.LCD);
    ModeConfig config = kms.config();
    Encoder encoder = config.addEncoder(ModeGetEncoder.TYPE_TMDS, feeds);
    PanelInfo panel = Panels.below(((PlatformDevice) device).node());
    if (panel != null) {
      var _ = config.addConnector(encoder, new PanelConnector(connectorType, typeName, panel));
    }
  }
}
