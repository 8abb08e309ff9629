package org.smmulator.iommu.exynos;

import static org.smmulator.kernel.errno.Errno.ENOSYS;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;

/** The driver of Samsung's sysmmus. Kernel: {@code drivers/iommu/exynos-iommu.c}. */
public final class ExynosSysmmuDriver implements PlatformDriver {
  private static final long MASK_36 = (1L << 36) - 1;

  private final IommuServices services;
  private final ExynosIommuOps ops;

  @Inject
  public ExynosSysmmuDriver(IommuServices services, ExynosDetach detaching) {
    this.services = services;
    this.ops = new ExynosIommuOps(services, detaching);
  }

  @Override
  public String name() {
    return "exynos-sysmmu";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos-sysmmu");
  }

  @Override
  public boolean suppressBindAttrs() {
    return true;
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_sysmmu_probe()}.
   *
   * @throws ErrnoException ENOSYS without its clocks
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    checkClocks(device);
    probe(
        new SysmmuDrvdata.Resources(
            device, device.registers(0), device.irq(0), device.pm(), device.clocks()));
  }

  /** One clock for everything, or one for its bus and one for its registers. */
  private static void checkClocks(PlatformDevice device) throws ErrnoException {
    DtNode node = device.node();
    ImmutableList<String> names =
        node.has("clock-names") ? node.strings("clock-names") : ImmutableList.of();
    boolean split = names.contains("aclk") && names.contains("pclk");
    if (!names.contains("sysmmu") && !split) {
      device.err("Failed to get device clock(s)!");
      throw ENOSYS.because("neither clock 'sysmmu' nor 'aclk' and 'pclk'");
    }
  }

  /** The rest of the probe: from here on in the kernel's order. */
  void probe(SysmmuDrvdata.Resources found) throws ErrnoException {
    Device device = found.device();
    SysmmuDrvdata controller = new SysmmuDrvdata(found, services.kernel().scheduler(), ops);
    ExynosSysmmuIrq interrupt = new ExynosSysmmuIrq(controller, services.iommu());
    IrqLine.Registration irq = found.irq().request(device.name(), interrupt::handle);
    device.devres().add("free the fault interrupt", irq::close);
    device.attach(SysmmuDrvdata.class, controller);
    device.devres().add("forget the sysmmu", () -> device.detach(SysmmuDrvdata.class));
    ops.probed(controller.version());
    if (controller.version().isAtLeast(5, 0)) {
      device.dma().setMask(MASK_36);
    }
    found.pm().enable(followMaster(controller), false);
    services.iommu().bus().register(controller.instance());
    device
        .devres()
        .add("unregister", () -> services.iommu().bus().unregister(controller.instance()));
  }

  /** A sysmmu is awake while its master is, and works then. */
  private static RuntimePm.Callbacks followMaster(SysmmuDrvdata controller) {
    return new RuntimePm.Callbacks() {
      @Override
      public void resume() {
        Device master = controller.master();
        if (master != null) {
          ExynosIommuOwner.of(master).resume(controller);
        }
      }

      @Override
      public void suspend() {
        Device master = controller.master();
        if (master != null) {
          ExynosIommuOwner.of(master).suspend(controller);
        }
      }
    };
  }
}
