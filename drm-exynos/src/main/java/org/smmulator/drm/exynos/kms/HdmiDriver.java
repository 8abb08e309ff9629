package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.kms.ConnectorDriver;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.Edid;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;

/**
 * The driver of HDMI. Kernel: {@code exynos_hdmi.c}, {@code hdmi_driver}.
 *
 * <p>A stub: it writes no register, and there is neither an I2C bus to read a monitor's EDID on nor
 * a pin that says that one is plugged in. A board's {@code monitor} node below that of HDMI is the
 * monitor, which stays; its property {@code edid} is what it says of itself.
 */
public final class HdmiDriver implements PlatformDriver {
  /** The pixel clocks of {@code hdmiphy_v14_configs[]} in kHz. */
  private static final ImmutableList<Integer> CLOCKS =
      ImmutableList.of(
          25_200, 27_000, 27_027, 36_000, 40_000, 65_000, 71_000, 73_250, 74_176, 74_250, 83_500,
          85_500, 106_500, 108_000, 115_500, 119_000, 146_250, 148_500);

  private final Components components;

  @Inject
  public HdmiDriver(Components components) {
    this.components = components;
  }

  @Override
  public String name() {
    return "exynos-hdmi";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos4212-hdmi");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    components.addManaged(device, new Link());
  }

  /** The encoder and the socket as a component. Kernel: {@code hdmi_component_ops}. */
  private record Link() implements ComponentOps {
    @Override
    public String name() {
      return "hdmi_component_ops";
    }

    /**
     * {@inheritDoc} Kernel: {@code hdmi_bind()}.
     *
     * @throws ErrnoException ENODEV without a mixer
     */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      ExynosKms kms = ExynosKms.of(aggregate);
      Encoder encoder =
          kms.config().addEncoder(ModeGetEncoder.TYPE_TMDS, kms.crtc(OutputType.HDMI));
      var _ =
          kms.config()
              .addConnector(encoder, new Socket(monitorBelow(((PlatformDevice) device).node())));
    }

    private static @Nullable Edid monitorBelow(DtNode hdmi) {
      for (DtNode child : hdmi.children()) {
        if (child.has("edid")) {
          Edid told = Edid.of(child.bytes("edid"));
          return told.isValid() ? told : null;
        }
      }
      return null;
    }
  }

  /**
   * The socket.
   *
   * @param edid of the monitor that is plugged in; null if there is none
   */
  private record Socket(@Nullable Edid edid) implements ConnectorDriver {
    @Override
    public int type() {
      return ModeGetConnector.TYPE_HDMIA;
    }

    @Override
    public String typeName() {
      return "HDMI-A";
    }

    /** {@inheritDoc} Kernel: {@code hdmi_detect()}. */
    @Override
    public boolean isConnected() {
      return edid != null;
    }

    /** {@inheritDoc} Kernel: {@code hdmi_get_modes()}, {@code hdmi_mode_valid()}. */
    @Override
    public ImmutableList<DisplayMode> modes() {
      return edid == null
          ? ImmutableList.of()
          : edid.modes().stream()
              .filter(mode -> CLOCKS.contains(mode.info().clock()))
              .collect(ImmutableList.toImmutableList());
    }
  }
}
