package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;

/**
 * A display controller as a component of the DRM device. Kernel: {@code decon_component_ops},
 * {@code fimd_component_ops}, {@code mixer_component_ops}.
 *
 * @param name of the component, for the log
 */
record ControllerPart(String name, WindowController controller, ExynosFault faults)
    implements ComponentOps {
  /**
   * Looks whether a controller has its clocks.
   *
   * @throws ErrnoException ENOENT without one of them
   */
  static void checkClocks(PlatformDevice device, ImmutableList<String> wanted)
      throws ErrnoException {
    ImmutableList<String> names = device.node().strings("clock-names");
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw ENOENT.because("no clock '%s'", name);
      }
    }
  }

  /**
   * Adds the component while the device's driver is bound, with its clocks as its power.
   *
   * @throws ErrnoException what binding the DRM device gives, if this was the last one missing
   */
  void addTo(Components components, PlatformDevice device) throws ErrnoException {
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    components.addManaged(device, this);
  }

  /** {@inheritDoc} Kernel: {@code decon_bind()}, {@code fimd_bind()}. */
  @Override
  public void bind(Device device, AggregateDevice aggregate, Devres binding) throws ErrnoException {
    ExynosMapping.Shared mapping = ExynosDrmPrivate.of(aggregate).mapping();
    controller.addTo(ExynosKms.of(aggregate));
    controller.clearChannels();
    mapping.attach(device);
    binding.add("leave the address space", () -> mapping.detach(device));
    faults.watch(device, binding, controller::faulted);
  }
}
