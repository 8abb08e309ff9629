package org.smmulator.script.kernel.iommu;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.BusAddress;
import org.smmulator.script.kernel.KernelStep;

/** {@code msi_prepare}: {@code iommu_dma_prepare_msi()}. */
final class MsiPrepareStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that is to interrupt.");
  private final FormField<Long> doorbell =
      required("doorbell", Scalar.NUMBER, "The physical address of the doorbell's register.");

  MsiPrepareStep() {
    super(
        "msi_prepare",
        "Makes a doorbell reachable for a device: iommu_dma_prepare_msi(). Yields its address.",
        BUS_ADDRESS);
  }

  @Override
  protected BusAddress run(Step step, ProcessRun process) throws ErrnoException {
    long address =
        process.machine().doorbells().addressFor(device(step, device, process), step.get(doorbell));
    return () -> address;
  }

  @Override
  protected String words(Step step) {
    return "prepares the doorbell 0x%x for %s%s"
        .formatted(step.get(doorbell), step.get(device), step.asWords());
  }
}
