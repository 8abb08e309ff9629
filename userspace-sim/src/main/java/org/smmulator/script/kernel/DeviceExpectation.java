package org.smmulator.script.kernel;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;

/** {@code device_sees}: a device finds a value at an address. */
final class DeviceExpectation extends ExpectationType {
  private final FormField<String> device =
      required("device_sees", KernelStep.DEVICE, "The device that reads.");
  private final FormField<Address<BusAddress>> at =
      required("at", Address.in(KernelStep.BUS_ADDRESS), "The address that it puts on the bus.");
  private final FormField<Integer> value =
      required("is", Scalar.WORD32, "The 32 bits that it must find.");
  private final FormField<Ref<Tagged>> task =
      optional("task", Ref.to(KernelStep.TAG), "The task by whose PASID the address is meant.");

  DeviceExpectation() {
    super("device_sees", "A device finds a value at an address, through its IOMMU.");
  }

  @Override
  public boolean standsOn(Side side) {
    return side == Side.KERNEL;
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    long address = KernelStep.bus(args.get(at), process);
    BusMaster port =
        DeviceAccess.port(KernelStep.device(args.get(device), process), args.find(task), process);
    int found = DeviceAccess.load(port, address, process);
    FailedExpectation.unless(
        found == args.get(value),
        "%s to see 0x%x at %s".formatted(args.get(device), args.get(value), args.get(at)),
        "it sees 0x%x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "%s sees 0x%x at %s".formatted(args.get(device), args.get(value), args.get(at));
  }
}
