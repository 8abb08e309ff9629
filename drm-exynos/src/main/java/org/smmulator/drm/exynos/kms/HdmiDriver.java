package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.drm.exynos.hdmi.HdmiPort;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.gpio.Gpio;
import org.smmulator.kernel.i2c.I2cAdapter;
import org.smmulator.kernel.i2c.I2cClient;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;

/**
 * The driver of HDMI. Kernel: {@code exynos_hdmi.c}, {@code hdmi_driver}.
 *
 * <p>Left out: the other chips' HDMI, bridges after it, regulators, CEC and sound.
 */
public final class HdmiDriver implements PlatformDriver {
  private static final ImmutableList<String> CLOCKS =
      ImmutableList.of("hdmi", "sclk_hdmi", "sclk_pixel", "sclk_hdmiphy", "mout_hdmi");

  private final KernelServices kernel;
  private final Components components;

  @Inject
  public HdmiDriver(KernelServices kernel, Components components) {
    this.kernel = kernel;
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

  /**
   * {@inheritDoc} ENOENT without {@code hpd-gpios} or a clock; ENODEV without {@code ddc} or {@code
   * phy}; EPROBE_DEFER while one of these, or the power management unit, has no driver. Kernel:
   * {@code hdmi_probe()}, {@code hdmi_resources_init()}.
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    Gpio hotplug = hotplugPin(device);
    checkClocks(device);
    Mmio registers = device.registers(0);
    I2cAdapter ddc = I2cAdapter.of(device, named(device, "ddc"));
    DtNode phyNode = named(device, "phy");
    DtNode phyBus = phyNode.parent();
    if (phyBus == null) {
      throw ENODEV.because("the PHY is on no bus");
    }
    I2cClient phy = new I2cClient(I2cAdapter.of(device, phyBus), phyNode.cell("reg"));
    HdmiPort port = new HdmiPort(device, registers, pmu(device), phy, kernel.scheduler());
    HdmiContext context = new HdmiContext(device, kernel, port, ddc, hotplug);
    IrqLine.Registration irq =
        hotplug.bothEdges().requestThreaded("hdmi", context::hotplugInterrupt);
    device.devres().add("give the pin back", hotplug::release);
    device.devres().add("free the interrupt", irq::close);
    device.devres().add("cancel the hotplug work", context::cancelWork);
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    components.addManaged(device, context);
  }

  private static Gpio hotplugPin(PlatformDevice device) throws ErrnoException {
    try {
      return Gpio.of(device, "hpd");
    } catch (ErrnoException e) {
      if (e.errno() != EPROBE_DEFER) {
        device.err("cannot get hpd gpio property");
      }
      throw e;
    }
  }

  /** Kernel: {@code hdmi_clks_get()}. */
  private static void checkClocks(PlatformDevice device) throws ErrnoException {
    ImmutableList<String> names = device.node().strings("clock-names");
    for (String name : CLOCKS) {
      if (!names.contains(name)) {
        device.err("Cannot get clock %s, %d", name, -ENOENT.number());
        throw ENOENT.because("no clock '%s'", name);
      }
    }
  }

  /** Kernel: {@code hdmi_get_ddc_adapter()}, {@code hdmi_get_phy_io()}. */
  private static DtNode named(PlatformDevice device, String property) throws ErrnoException {
    DtNode found = device.node().reference(property);
    if (found == null) {
      device.err("Failed to find %s node in device tree", property);
      throw ENODEV.because("no '%s'", property);
    }
    return found;
  }

  private static Mmio pmu(PlatformDevice device) throws ErrnoException {
    try {
      return device.syscon("samsung,syscon-phandle");
    } catch (ErrnoException e) {
      device.err("syscon regmap lookup failed.");
      throw EPROBE_DEFER.because("no power management unit: %s", e.reason());
    }
  }
}
