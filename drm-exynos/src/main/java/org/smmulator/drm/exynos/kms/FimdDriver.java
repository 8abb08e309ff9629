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
 * The driver of FIMD, the display controller of Exynos chips up to the 5420. Kernel: {@code
 * exynos_drm_fimd.c}, {@code fimd_driver}.
 *
 * <p>Left out: what the other chips' FIMDs have in other places, panels with memory, and clocks'
 * rates, which are not modelled.
 */
public final class FimdDriver implements PlatformDriver {
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
    ImmutableList<String> names = device.node().strings("clock-names");
    for (String name : new String[] {"fimd", "sclk_fimd"}) {
      if (!names.contains(name)) {
        throw ENOENT.because("no clock '%s'", name);
      }
    }
    FimdContext context = new FimdContext(device, device.registers(0), kernel);
    IrqLine.Registration irq = device.irqByName("vsync").request("drm_fimd", context::interrupt);
    device.devres().add("free the interrupt", irq::close);
    device.attach(FimdContext.class, context);
    device.devres().add("forget the controller", () -> device.detach(FimdContext.class));
    // exynos_fimd_resume(), exynos_fimd_suspend()
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    ComponentOps part = new Part(context, faults);
    components.add(device, part);
    device.devres().add("remove the component", () -> components.remove(device, part));
  }

  /** Kernel: {@code fimd_component_ops}. */
  private record Part(FimdContext context, ExynosFault faults) implements ComponentOps {
    @Override
    public String name() {
      return "fimd_component_ops";
    }

    /** {@inheritDoc} Kernel: {@code fimd_bind()}. */
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
