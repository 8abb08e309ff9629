package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code claim_dma}: {@code iommu_device_claim_dma_owner()}, as VFIO calls it. */
final class ClaimDmaStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "A device of the group that is claimed.");

  ClaimDmaStep() {
    super(
        "claim_dma",
        "Takes a group away from drivers, for a program of the user's:"
            + " iommu_device_claim_dma_owner(). It can reach nothing until a domain is attached.");
  }

  /** The claimant is the process: its name is one object in all of its steps. */
  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.machine().iommu().claimDevice(device(step, device, process), process.name());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "claims the group of " + step.get(device);
  }
}
