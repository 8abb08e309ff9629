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
 * The driver of the mixer, which feeds HDMI. Kernel: {@code exynos_mixer.c}, {@code mixer_driver}.
 *
 * <p>Left out: the other chips' mixers, with a video processor or a register for the resolution.
 */
public final class MixerDriver implements PlatformDriver {
  private final KernelServices kernel;
  private final Components components;
  private final ExynosFault faults;

  /**
   * Makes the driver.
   *
   * @param faults what a fault of the mixer does
   */
  @Inject
  public MixerDriver(KernelServices kernel, Components components, ExynosFault faults) {
    this.kernel = kernel;
    this.components = components;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "exynos-mixer";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5250-mixer", "samsung,exynos5-mixer");
  }

  /**
   * {@inheritDoc} Linux takes registers and interrupt when the component is bound. Kernel: {@code
   * mixer_probe()}, {@code mixer_resources_init()}.
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    MixerContext context = new MixerContext(device, device.registers(0), kernel);
    IrqLine.Registration irq = device.irq(0).request("drm_mixer", context::interrupt);
    device.devres().add("free the interrupt", irq::close);
    // exynos_mixer_resume(), exynos_mixer_suspend()
    new ControllerPart("mixer_component_ops", context, faults).addTo(components, device);
  }
}
