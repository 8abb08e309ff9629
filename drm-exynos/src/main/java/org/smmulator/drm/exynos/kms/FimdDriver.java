package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;

/**
 * The driver of FIMD, the display controller of Exynos chips up to the 5420. Kernel: {@code
 * exynos_drm_fimd.c}, {@code fimd_driver}.
 *
 * <p>Left out: what the other chips' FIMDs have in other places, panels with memory, and clocks'
 * rates, which are not modelled.
 */
public final class FimdDriver implements PlatformDriver {
  private static final ImmutableList<String> CLOCKS = ImmutableList.of("fimd", "sclk_fimd");

  private final KernelServices kernel;
  private final Components components;
  private final ExynosFault faults;

  /**
   * Makes the driver.
   *
   * @param faults what a fault of the controller does
   */
  @Inject
  public FimdDriver(KernelServices kernel, Components components, ExynosFault faults) {
    this.kernel = kernel;
    this.components = components;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "exynos4-fb";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5250-fimd");
  }

  /**
   * {@inheritDoc} Kernel: {@code fimd_probe()}.
   *
   * @throws ErrnoException ENOENT without one of its clocks
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    ControllerPart.checkClocks(device, CLOCKS);
    FimdContext context = new FimdContext(device, device.registers(0), kernel);
    IrqLine.Registration irq = device.irqByName("vsync").request("drm_fimd", context::interrupt);
    device.devres().add("free the interrupt", irq::close);
    // exynos_fimd_resume(), exynos_fimd_suspend()
    new ControllerPart("fimd_component_ops", context, faults).addTo(components, device);
  }
}
