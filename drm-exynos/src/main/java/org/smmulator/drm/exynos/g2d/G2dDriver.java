package org.smmulator.drm.exynos.g2d;

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
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.pm.RuntimePm;

/** The driver of 2D engines. Kernel: {@code exynos_drm_g2d.c}, {@code g2d_driver}. */
public final class G2dDriver implements PlatformDriver {
  private static final int MAJOR = 4;
  private static final int MINOR = 1;

  private final KernelServices kernel;
  private final Components components;
  private final ExynosFault faults;

  /**
   * Makes the driver.
   *
   * @param faults what a fault of the engine does
   */
  @Inject
  public G2dDriver(KernelServices kernel, Components components, ExynosFault faults) {
    this.kernel = kernel;
    this.components = components;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "exynos-drm-g2d";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5250-g2d", "samsung,exynos4212-g2d");
  }

  /**
   * {@inheritDoc} Kernel: {@code g2d_probe()}.
   *
   * @throws ErrnoException ENOENT without its clock
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    if (!device.node().strings("clock-names").contains("fimg2d")) {
      device.err("failed to get gate clock");
      throw ENOENT.because("no clock 'fimg2d'");
    }
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks().subList(0, 1)), false);
    G2dData g2d = new G2dData(device, device.registers(0), kernel);
    IrqLine.Registration irq = device.irq(0).request("drm_g2d", g2d::interrupt);
    device.devres().add("free the interrupt", irq::close);
    components.addManaged(device, new Part(g2d, faults));
  }

  /** Kernel: {@code g2d_component_ops}. */
  private record Part(G2dData g2d, ExynosFault faults) implements ComponentOps {
    @Override
    public String name() {
      return "g2d_component_ops";
    }

    /**
     * {@inheritDoc} Kernel: {@code g2d_bind()}, which allocates its lists first, and so needs
     * another engine to have been bound before.
     */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      ExynosDrmPrivate state = ExynosDrmPrivate.of(aggregate);
      ExynosMapping.Shared mapping = state.mapping();
      mapping.attach(device);
      binding.add("leave the address space", () -> mapping.detach(device));
      state.turns().join(device);
      binding.add("leave the tables of files", () -> state.turns().leave(device));
      long slotBytes = state.keepsListsApart() ? PageAllocator.PAGE_SIZE : G2dCmdlistNode.BYTES;
      CoherentBuffer pool = mapping.allocate(G2dData.SLOTS * slotBytes, DmaAttr.NONE);
      binding.add("free the lists", () -> mapping.free(pool));
      g2d.begin(pool, mapping, state.turns());
      faults.watch(device, binding, g2d::faulted);
      aggregate.parent().attach(G2dData.class, g2d);
      binding.add("forget the 2D engine", () -> aggregate.parent().detach(G2dData.class));
      binding.add("stop the 2D engine", g2d::stop);
      device.info("The Exynos G2D (ver %d.%d) successfully registered.", MAJOR, MINOR);
    }
  }
}
