package org.smmulator.script.kernel;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;

/** {@code device_write}: the device writes memory. */
final class DeviceWriteStep extends KernelStep {
  private final FormField<String> device = required("device", DEVICE, "The device that writes.");
  private final FormField<Address<BusAddress>> at =
      required("at", Address.in(BUS_ADDRESS), "The address that it puts on the bus.");
  private final FormField<Integer> value =
      required("value", Scalar.WORD32, "The 32 bits to store.");
  private final FormField<Ref<Tagged>> task =
      optional("task", Ref.to(TAG), "The task by whose PASID the address is meant.");

  DeviceWriteStep() {
    super(
        "device_write",
        "Stores 32 bits as the device would, through its IOMMU; EIO if the bus refuses.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    long address = bus(step.get(at), process);
    BusMaster port = DeviceAccess.port(device(step, device, process), step.find(task), process);
    DeviceAccess.store(port, address, step.get(value), process);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "has %s write 0x%x at %s".formatted(step.get(device), step.get(value), step.get(at));
  }
}
