package org.smmulator.iommu.smmuv3;

import java.util.List;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;

/**
 * The display, and the copy engine, whose faults stall, behind an SMMUv3. Both were in a domain
 * before, so they have their context descriptors, which stay until the device leaves.
 */
record V3Harness(V3Machine machine) implements IommuHarness {
  static V3Harness booted(SmmuV3Config config) throws Exception {
    V3Machine machine = new V3Machine(config);
    machine.kernel.run(() -> {
      machine.boot();
      for (Device device : List.of(machine.display, machine.copier)) {
        ArmSmmuV3Domain domain = machine.attached(device);
        machine.kernel.iommu.detach(domain, device);
        machine.kernel.iommu.free(domain);
      }
    });
    return new V3Harness(machine);
  }

  @Override
  public TestKernel kernel() {
    return machine.kernel;
  }

  @Override
  public Device device(int index) {
    return index == 0 ? machine.display : machine.copier;
  }

  @Override
  public BusMaster master(int index) {
    return machine.master(index == 0 ? V3Machine.DISPLAY_SID : V3Machine.COPIER_SID);
  }

  @Override
  public Losses losses() {
    return machine.losses;
  }

  @Override
  public void close() {
    machine.close();
  }
}
