package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;

/**
 * The driver of the virtual display, whose device no firmware tells of. Kernel: {@code
 * exynos_drm_vidi.c}, {@code vidi_driver}.
 */
public final class VidiDriver implements PlatformDriver {
  private static final String ANY_EXYNOS = "samsung,exynos";

  private final KernelServices kernel;
  private final Components components;
  private final ExynosVidi config;

  @Inject
  public VidiDriver(KernelServices kernel, Components components, ExynosVidi config) {
    this.kernel = kernel;
    this.components = components;
    this.config = config;
  }

  @Override
  public String name() {
    return "exynos-drm-vidi";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of();
  }

  /** {@inheritDoc} Kernel: {@code exynos_drm_register_devices()}. */
  @Override
  public boolean makesDevice(ImmutableList<PlatformDevice> devices) {
    return config == ExynosVidi.COMPILED_IN
        && devices.stream()
            .flatMap(device -> device.node().compatible().stream())
            .anyMatch(compatible -> compatible.startsWith(ANY_EXYNOS));
  }

  /** {@inheritDoc} Kernel: {@code vidi_probe()}. */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    VidiConnector connection = new VidiConnector(kernel);
    VidiContext context = new VidiContext(kernel);
    var _ =
        device
            .nodes()
            .add("connection", new Node.TextFile(0644, connection::show, connection::store));
    device.devres().add("remove the attribute", () -> device.nodes().remove("connection"));
    components.addManaged(device, new Part(context, connection));
  }

  /** The display as a component. Kernel: {@code vidi_component_ops}. */
  private record Part(VidiContext context, VidiConnector connection) implements ComponentOps {
    @Override
    public String name() {
      return "vidi_component_ops";
    }

    /** {@inheritDoc} Kernel: {@code vidi_bind()}. */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      aggregate.parent().attach(VidiConnector.class, connection);
      binding.add("forget it", () -> aggregate.parent().detach(VidiConnector.class));
      ExynosKms kms = ExynosKms.of(aggregate);
      context.addTo(kms);
      binding.add("stop its vblanks", context::stop);
      connection.addTo(kms, context.crtc());
    }
  }
}
