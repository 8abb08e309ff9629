package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code release_dma}: {@code iommu_device_release_dma_owner()}. */
final class ReleaseDmaStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that was claimed.");

  ReleaseDmaStep() {
    super(
        "release_dma",
        "Gives a claimed group back, which is in its default domain with the last claim:"
            + " iommu_device_release_dma_owner().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.machine().iommu().releaseDevice(device(step, device, process));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "gives back the group of " + step.get(device);
  }
}
