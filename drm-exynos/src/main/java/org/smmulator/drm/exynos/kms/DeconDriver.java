package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;

/**
 * The driver of the Exynos 5433's display controllers. Kernel: {@code exynos5433_drm_decon.c},
 * {@code exynos5433_decon_driver}.
 */
public final class DeconDriver implements PlatformDriver {
  /** {@code decon_clks_name[]}. */
  private static final ImmutableList<String> CLOCKS =
      ImmutableList.of(
          "pclk",
          "aclk_decon",
          "aclk_smmu_decon0x",
          "aclk_xiu_decon0x",
          "pclk_smmu_decon0x",
          "aclk_smmu_decon1x",
          "aclk_xiu_decon1x",
          "pclk_smmu_decon1x",
          "sclk_decon_vclk",
          "sclk_decon_eclk");

  private final KernelServices kernel;
  private final Components components;
  private final ExynosFault faults;

  /**
   * Makes the driver.
   *
   * @param faults what a fault of the controller does
   */
  @Inject
  public DeconDriver(KernelServices kernel, Components components, ExynosFault faults) {
    this.kernel = kernel;
    this.components = components;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "exynos5433-decon";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5433-decon");
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos5433_decon_probe()}.
   *
   * @throws ErrnoException ENOENT without one of its clocks; ENODEV without the display block's
   *     system registers
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    ControllerPart.checkClocks(device, CLOCKS);
    Mmio registers = device.registers(0);
    DeconContext context =
        new DeconContext(device, registers, device.syscon("samsung,disp-sysreg"), kernel);
    for (String name : new String[] {"vsync", "lcd_sys"}) {
      IrqLine.Registration irq = device.irqByName(name).request("drm_decon", context::interrupt);
      device.devres().add("free the interrupt", irq::close);
    }
    // exynos5433_decon_resume(), exynos5433_decon_suspend()
    new ControllerPart("decon_component_ops", context, faults).addTo(components, device);
  }
}
