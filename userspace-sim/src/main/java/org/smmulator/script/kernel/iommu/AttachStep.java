package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code attach}: {@code iommu_attach_device()}. */
final class AttachStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<String> device =
      required("device", DEVICE, "The device that goes into it.");

  AttachStep() {
    super("attach", "Puts a device into a domain: iommu_attach_device().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    OwnDomain.find(step.get(domain), process).attach(device(step, device, process));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "attaches %s to %s".formatted(step.get(device), step.get(domain));
  }
}
