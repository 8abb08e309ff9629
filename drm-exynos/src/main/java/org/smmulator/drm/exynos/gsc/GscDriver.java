package org.smmulator.drm.exynos.gsc;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import java.util.Objects;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.exynos.ipp.IppFormats;
import org.smmulator.drm.exynos.ipp.IppModules;
import org.smmulator.drm.exynos.ipp.PlaneLayout;
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
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppLimit;

/** The driver of G-Scalers. Kernel: {@code exynos_drm_gsc.c}, {@code gsc_driver}. */
public final class GscDriver implements PlatformDriver {
  private static final IppLimit.Range SCALES = new IppLimit.Range((1 << 16) / 16, (1 << 16) * 8, 0);

  /** {@code gsc_formats[]}. */
  private static final ImmutableList<Integer> FORMATS =
      ImmutableList.of(
          PlaneLayout.ARGB8888,
          PlaneLayout.XRGB8888,
          PlaneLayout.RGB565,
          PlaneLayout.BGRX8888,
          PlaneLayout.NV12,
          PlaneLayout.NV16,
          PlaneLayout.NV21,
          PlaneLayout.NV61,
          PlaneLayout.UYVY,
          PlaneLayout.VYUY,
          PlaneLayout.YUYV,
          PlaneLayout.YVYU,
          PlaneLayout.YUV420,
          PlaneLayout.YVU420,
          PlaneLayout.YUV422);

  /** {@code gsc_tiled_formats[]}. */
  private static final ImmutableList<Integer> TILED_FORMATS =
      ImmutableList.of(PlaneLayout.NV12, PlaneLayout.NV21);

  /** A kind of scaler: its clocks and its limits. Kernel: {@code struct gsc_driverdata}. */
  private enum Variant {
    /** {@code gsc_exynos5250_drvdata}. */
    EXYNOS5250(
        ImmutableList.of("gscl"),
        ImmutableList.of(
            size(IppLimit.SIZE_BUFFER, 32, 4800, 8, 16, 3344, 8),
            size(IppLimit.SIZE_AREA, 16, 4800, 2, 8, 3344, 2),
            size(IppLimit.SIZE_ROTATED, 32, 2048, 0, 16, 2048, 0),
            new IppLimit(IppLimit.SCALE, SCALES, SCALES))),

    /** {@code gsc_exynos5433_drvdata}. */
    EXYNOS5433(
        ImmutableList.of("pclk", "aclk", "aclk_xiu", "aclk_gsclbend"),
        ImmutableList.of(
            size(IppLimit.SIZE_BUFFER, 32, 8191, 16, 16, 8191, 2),
            size(IppLimit.SIZE_AREA, 16, 4800, 1, 8, 3344, 1),
            size(IppLimit.SIZE_ROTATED, 32, 2047, 0, 8, 8191, 0),
            new IppLimit(IppLimit.SCALE, SCALES, SCALES)));

    final ImmutableList<String> clocks;

    @SuppressWarnings("ImmutableEnumChecker") // a limit is a record of numbers
    final ImmutableList<IppLimit> limits;

    Variant(ImmutableList<String> clocks, ImmutableList<IppLimit> limits) {
      this.clocks = clocks;
      this.limits = limits;
    }

    private static IppLimit size(
        int kind, int hMin, int hMax, int hAlign, int vMin, int vMax, int vAlign) {
      return new IppLimit(
          IppLimit.SIZE | kind,
          new IppLimit.Range(hMin, hMax, hAlign),
          new IppLimit.Range(vMin, vMax, vAlign));
    }
  }

  private final KernelServices kernel;
  private final Components components;
  private final ExynosFault faults;

  /**
   * Makes the driver.
   *
   * @param faults what a fault of the engine does
   */
  @Inject
  public GscDriver(KernelServices kernel, Components components, ExynosFault faults) {
    this.kernel = kernel;
    this.components = components;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "exynos-drm-gsc";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of(
        "samsung,exynos5-gsc", "samsung,exynos5250-gsc", "samsung,exynos5433-gsc");
  }

  /**
   * {@inheritDoc} Kernel: {@code gsc_probe()}.
   *
   * @throws ErrnoException ENOENT without one of its clocks
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    Variant variant =
        device.node().compatible().contains("samsung,exynos5433-gsc")
            ? Variant.EXYNOS5433
            : Variant.EXYNOS5250;
    ImmutableList<String> names = device.node().strings("clock-names");
    for (String clock : variant.clocks) {
      if (!names.contains(clock)) {
        device.err("failed to get clock: %s", clock);
        throw ENOENT.because("no clock '%s'", clock);
      }
    }
    GscContext context =
        new GscContext(device, device.registers(0), formats(variant.limits), kernel);
    IrqLine.Registration irq = device.irq(0).request(device.name(), context::interrupt);
    device.devres().add("free the interrupt", irq::close);
    // gsc_runtime_resume(), gsc_runtime_suspend()
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    components.addManaged(device, new Part(context, faults));
    device.info("drm gsc registered successfully.");
  }

  private static IppFormats formats(ImmutableList<IppLimit> limits) {
    int both = IppFormat.SOURCE | IppFormat.DESTINATION;
    ImmutableList.Builder<IppFormat> formats = ImmutableList.builder();
    FORMATS.forEach(fourcc -> formats.add(new IppFormat(fourcc, both, 0)));
    TILED_FORMATS.forEach(
        fourcc -> formats.add(new IppFormat(fourcc, both, IppFormats.TILED_16_16)));
    return new IppFormats(formats.build(), limits);
  }

  /** Kernel: {@code gsc_component_ops}. */
  private record Part(GscContext context, ExynosFault faults) implements ComponentOps {
    @Override
    public String name() {
      return "gsc_component_ops";
    }

    /** {@inheritDoc} Kernel: {@code gsc_bind()}. */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      ExynosDrmPrivate state = ExynosDrmPrivate.of(aggregate);
      ExynosMapping.Shared mapping = state.mapping();
      mapping.attach(device);
      binding.add("leave the address space", () -> mapping.detach(device));
      state.turns().join(device);
      binding.add("leave the tables of files", () -> state.turns().leave(device));
      faults.watch(device, binding, context.ipp()::faulted);
      IppModules modules = Objects.requireNonNull(aggregate.parent().find(IppModules.class));
      modules.register(context.ipp(), state.turns());
      binding.add("unregister the picture processor", () -> modules.unregister(context.ipp()));
      device.info("The exynos gscaler has been probed successfully");
    }
  }
}
