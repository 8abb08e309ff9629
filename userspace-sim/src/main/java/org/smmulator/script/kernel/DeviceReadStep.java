package org.smmulator.script.kernel;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;

/** {@code device_read}: the device reads memory. */
final class DeviceReadStep extends KernelStep {
  private final FormField<String> device = required("device", DEVICE, "The device that reads.");
  private final FormField<Address<BusAddress>> at =
      required("at", Address.in(BUS_ADDRESS), "The address that it puts on the bus.");
  private final FormField<Ref<Tagged>> task =
      optional("task", Ref.to(TAG), "The task by whose PASID the address is meant.");

  DeviceReadStep() {
    super(
        "device_read",
        "Loads 32 bits as the device would, through its IOMMU; EIO if the bus refuses.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    long address = bus(step.get(at), process);
    BusMaster port = DeviceAccess.port(device(step, device, process), step.find(task), process);
    int found = DeviceAccess.load(port, address, process);
    return Integer.toUnsignedLong(found);
  }

  @Override
  protected String words(Step step) {
    return "has %s read %s%s".formatted(step.get(device), step.get(at), step.asWords());
  }
}
