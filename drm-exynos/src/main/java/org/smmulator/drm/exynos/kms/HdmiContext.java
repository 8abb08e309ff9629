package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.hdmi.HdmiPort;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.kms.Connector;
import org.smmulator.drm.kms.ConnectorDriver;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.drm.kms.EncoderDriver;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.mode.DdcReader;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.Edid;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.gpio.Gpio;
import org.smmulator.kernel.i2c.I2cAdapter;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;

/**
 * HDMI: the component, its encoder and its socket. Kernel: {@code struct hdmi_context}.
 *
 * <p>The PHY makes the clock that the mixer runs by, so that the mixer turns it on before itself
 * and off after itself; the encoder only sends.
 */
final class HdmiContext implements ComponentOps, EncoderDriver, ConnectorDriver {
  /** {@code HOTPLUG_DEBOUNCE_MS}, in nanoseconds. */
  private static final long DEBOUNCE_NS = 1_100_000_000;

  private final PlatformDevice device;
  private final KernelServices kernel;
  private final HdmiPort port;
  private final I2cAdapter ddc;
  private final Gpio hotplugPin;
  private final Mutex mutex;
  private final Timer debounce;
  private final Work hotplugWork;
  private @Nullable ModeConfig config;
  private @Nullable Crtc crtc;
  private @Nullable Edid edid;
  private boolean dviMode;
  private boolean powered;

  HdmiContext(
      PlatformDevice device,
      KernelServices kernel,
      HdmiPort port,
      I2cAdapter ddc,
      Gpio hotplugPin) {
    this.device = device;
    this.kernel = kernel;
    this.port = port;
    this.ddc = ddc;
    this.hotplugPin = hotplugPin;
    this.mutex = kernel.lockdep().mutex("hdmi_context.mutex");
    this.hotplugWork =
        new Workqueue(kernel.scheduler(), "kworker/hdmi").work(this::lookWhatIsPlugged);
    this.debounce = new Timer(kernel.scheduler(), hotplugWork::queue);
  }

  // ---- the component

  @Override
  public String name() {
    return "hdmi_component_ops";
  }

  /**
   * {@inheritDoc} Kernel: {@code hdmi_bind()}, {@code hdmi_create_connector()}.
   *
   * @throws ErrnoException ENODEV without a mixer
   */
  @Override
  public void bind(Device component, AggregateDevice aggregate, Devres binding)
      throws ErrnoException {
    ExynosKms kms = ExynosKms.of(aggregate);
    Crtc feeds = kms.crtc(OutputType.HDMI);
    Encoder encoder = kms.config().addEncoder(ModeGetEncoder.TYPE_TMDS, feeds, this);
    kms.controller(OutputType.HDMI).setPipeClock(this::enablePhy);
    var _ = kms.config().addConnector(encoder, this);
    config = kms.config();
    crtc = feeds;
    binding.add("forget the displays", () -> config = null);
  }

  // ---- the plug

  /** Kernel: {@code hdmi_irq_thread()}. */
  IrqReturn hotplugInterrupt() {
    debounce.modify(kernel.scheduler().nowNs() + DEBOUNCE_NS);
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code hdmi_hotplug_work_func()}. */
  private void lookWhatIsPlugged() {
    ModeConfig bound = config;
    if (bound != null) {
      bound.hotplug();
    }
  }

  /** Kernel: {@code hdmi_remove()}. */
  void cancelWork() {
    debounce.cancel();
    hotplugWork.cancelSync();
  }

  // ---- the encoder

  /**
   * {@inheritDoc} A mode whose clock the PHY has not becomes the first of the monitor's that it
   * has. Kernel: {@code hdmi_mode_fixup()}.
   */
  @Override
  public DisplayMode modeFixup(Connector connector, DisplayMode adjusted) {
    if (HdmiPort.hasClock(adjusted)) {
      return adjusted;
    }
    for (DisplayMode other : connector.modes()) {
      if (HdmiPort.hasClock(other)) {
        kernel.dmesg().info("[drm] desired mode doesn't exist so");
        kernel.dmesg().info("[drm] use the most suitable mode among modes.");
        return other;
      }
    }
    return adjusted;
  }

  /** Turns the PHY on or off for the mixer. Kernel: {@code hdmiphy_clk_enable()}. */
  private void enablePhy(boolean on) {
    try (var _ = mutex.lock()) {
      if (on) {
        powerUp();
      } else {
        powerDown();
      }
    }
  }

  /** Kernel: {@code hdmiphy_enable()}. */
  private void powerUp() {
    Crtc feeds = crtc;
    if (powered || feeds == null) {
      return;
    }
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.err("failed to enable HDMIPHY device.");
      return;
    }
    port.enablePhy(feeds.state().timings());
    powered = true;
  }

  /** Kernel: {@code hdmiphy_disable()}. */
  private void powerDown() {
    if (!powered) {
      return;
    }
    port.disablePhy();
    try {
      device.pm().put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
    powered = false;
  }

  /** {@inheritDoc} Kernel: {@code hdmi_enable()}. */
  @Override
  public void enable(CrtcState now) {
    try (var _ = mutex.lock()) {
      powerUp();
      if (powered) {
        port.send(now.timings(), now.adjusted(), dviMode);
      }
    }
  }

  /** {@inheritDoc} The mixer stops first, and then the PHY. Kernel: {@code hdmi_disable()}. */
  @Override
  public void disable() {
    if (powered) {
      debounce.cancel();
    }
  }

  // ---- the socket

  @Override
  public int type() {
    return ModeGetConnector.TYPE_HDMIA;
  }

  @Override
  public String typeName() {
    return "HDMI-A";
  }

  @Override
  public boolean isHotpluggable() {
    return true;
  }

  @Override
  public boolean isInterlaceAllowed() {
    return true;
  }

  /** {@inheritDoc} Kernel: {@code hdmi_detect()}. */
  @Override
  public boolean isConnected() {
    return hotplugPin.isActive();
  }

  /** {@inheritDoc} It is read anew from the monitor. Kernel: {@code hdmi_get_modes()}. */
  @Override
  public @Nullable Edid edid() {
    edid = DdcReader.read(ddc, kernel.faults());
    if (edid != null) {
      dviMode = !edid.isHdmi();
    }
    return edid;
  }

  /** {@inheritDoc} Those of the EDID that was read; without one those of a VGA monitor. */
  @Override
  public ImmutableList<DisplayMode> modes() {
    return edid == null ? Edid.modesWithoutEdid(640, 480) : edid.modes();
  }

  /** {@inheritDoc} Kernel: {@code hdmi_mode_valid()}. */
  @Override
  public boolean modeValid(DisplayMode mode) {
    return HdmiPort.hasClock(mode);
  }

  @Override
  public int widthMm() {
    return edid == null ? 0 : edid.widthMm();
  }

  @Override
  public int heightMm() {
    return edid == null ? 0 : edid.heightMm();
  }
}
