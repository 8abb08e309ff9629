package org.smmulator.iommu.smmuv3;

import java.util.List;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;

/**
 * Two devices that keep translations behind an SMMUv3: the card tries untranslated what it is not
 * granted, the adapter asks for the page, which it is denied. Both were in a domain before.
 */
record CachingHarness(V3Machine machine, Device adapter) implements IommuHarness {
  static CachingHarness booted(SmmuV3Config config) throws Exception {
    V3Machine machine = new V3Machine(config);
    Device[] adapter = new Device[1];
    machine.kernel.run(() -> {
      machine.boot();
      adapter[0] = machine.addAdapter();
      for (Device device : List.of(machine.card, adapter[0])) {
        ArmSmmuV3Domain domain = machine.attached(device);
        machine.kernel.iommu.detach(domain, device);
        machine.kernel.iommu.free(domain);
      }
    });
    return new CachingHarness(machine, adapter[0]);
  }

  @Override
  public TestKernel kernel() {
    return machine.kernel;
  }

  @Override
  public Device device(int index) {
    return index == 0 ? machine.card : adapter;
  }

  @Override
  public BusMaster master(int index) {
    return machine.caching(index == 0 ? machine.cardPort : machine.adapterPort);
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
