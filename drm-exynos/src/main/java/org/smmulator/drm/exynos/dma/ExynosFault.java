package org.smmulator.drm.exynos.dma;

import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;

/** Decides what a fault of an engine's sysmmu ends: the switch {@code exynos.fault}. */
public sealed interface ExynosFault {
  /** Has {@code handler} told of the engine's faults, until {@code binding} is released. */
  void watch(Device engine, Devres binding, IommuFaultHandler handler);

  /**
   * {@code handled}: the driver takes the fault, ends the job and names whose it was. So no list of
   * commands stops the machine.
   */
  record Handled() implements ExynosFault {
    @Override
    public void watch(Device engine, Devres binding, IommuFaultHandler handler) {
      engine.attach(IommuFaultHandler.class, handler);
      binding.add("stop watching faults", () -> engine.detach(IommuFaultHandler.class));
    }
  }

  /** {@code panic}: nobody takes the fault, and the sysmmu's driver panics. Linux does so. */
  record Panic() implements ExynosFault {
    @Override
    public void watch(Device engine, Devres binding, IommuFaultHandler handler) {}
  }
}
