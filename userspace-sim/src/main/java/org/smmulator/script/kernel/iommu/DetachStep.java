package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code detach}: {@code iommu_detach_device()}. */
final class DetachStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<String> device = required("device", DEVICE, "The device that leaves it.");

  DetachStep() {
    super("detach", "Puts a device back into its default domain: iommu_detach_device().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    boolean was = OwnDomain.find(step.get(domain), process).detach(device(step, device, process));
    FailedExpectation.unless(
        was, "%s in %s".formatted(step.get(device), step.get(domain)), "it is not attached");
    return null;
  }

  @Override
  protected String words(Step step) {
    return "detaches %s from %s".formatted(step.get(device), step.get(domain));
  }
}
