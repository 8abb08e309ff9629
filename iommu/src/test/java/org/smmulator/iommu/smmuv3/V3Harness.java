package org.smmulator.iommu.smmuv3;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Two devices behind an SMMUv3. Both were in a domain before, so they have their context
 * descriptors, which stay until the device leaves.
 */
record V3Harness(V3Machine machine, ImmutableList<Device> devices, ImmutableList<BusMaster> masters)
    implements IommuHarness {
  /** The display, and the copy engine, whose faults stall. */
  static V3Harness booted(SmmuV3Config config) throws Exception {
    V3Machine machine = new V3Machine(config);
    ImmutableList<Device> devices = ImmutableList.of(machine.display, machine.copier);
    machine.kernel.run(() -> {
      machine.boot();
      useOnce(machine, devices);
    });
    return new V3Harness(
        machine,
        devices,
        ImmutableList.of(
            machine.master(V3Machine.DISPLAY_SID), machine.master(V3Machine.COPIER_SID)));
  }

  /**
   * Two that keep translations: the card tries untranslated what it is not granted, the adapter
   * asks for the page, which it is denied.
   */
  static V3Harness withCaches(SmmuV3Config config) throws Exception {
    V3Machine machine = new V3Machine(config);
    ImmutableList.Builder<Device> devices = ImmutableList.builder();
    machine.kernel.run(() -> {
      machine.boot();
      devices.add(machine.card, machine.addAdapter());
      useOnce(machine, devices.build());
    });
    return new V3Harness(
        machine,
        devices.build(),
        ImmutableList.of(machine.caching(machine.cardPort), machine.caching(machine.adapterPort)));
  }

  private static void useOnce(V3Machine machine, ImmutableList<Device> devices)
      throws ErrnoException {
    for (Device device : devices) {
      ArmSmmuV3Domain domain = machine.attached(device);
      machine.kernel.iommu.detach(domain, device);
      machine.kernel.iommu.free(domain);
    }
  }

  @Override
  public TestKernel kernel() {
    return machine.kernel;
  }

  @Override
  public Device device(int index) {
    return devices.get(index);
  }

  @Override
  public BusMaster master(int index) {
    return masters.get(index);
  }

  /** {@inheritDoc} The display and the card do not stall. */
  @Override
  public boolean refusesAtOnce() {
    return true;
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
