package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;

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
   * @throws ErrnoException ENOENT without one of its clocks
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    ImmutableList<String> names = device.node().strings("clock-names");
    for (String name : CLOCKS) {
      if (!names.contains(name)) {
        throw ENOENT.because("no clock '%s'", name);
      }
    }
    DeconContext context = new DeconContext(device, device.registers(0), kernel);
    for (String name : new String[] {"vsync", "lcd_sys"}) {
      IrqLine.Registration irq = device.irqByName(name).request("drm_decon", context::interrupt);
      device.devres().add("free the interrupt", irq::close);
    }
    device.attach(DeconContext.class, context);
    device.devres().add("forget the controller", () -> device.detach(DeconContext.class));
    // exynos5433_decon_resume(), exynos5433_decon_suspend()
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    ComponentOps part = new Part(context, faults);
    components.add(device, part);
    device.devres().add("remove the component", () -> components.remove(device, part));
  }

  /** Kernel: {@code decon_component_ops}. */
  private record Part(DeconContext context, ExynosFault faults) implements ComponentOps {
    @Override
    public String name() {
      return "decon_component_ops";
    }

    /** {@inheritDoc} Kernel: {@code decon_bind()}. */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      ExynosMapping.Shared mapping = ExynosDrmPrivate.of(aggregate).mapping();
      context.addTo(ExynosKms.of(aggregate));
      context.clearChannels();
      mapping.attach(device);
      binding.add("leave the address space", () -> mapping.detach(device));
      faults.watch(device, binding, context::faulted);
    }
  }
}
