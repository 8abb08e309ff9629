package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code domain_free}: {@code iommu_domain_free()}. */
final class DomainFreeStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.own(OwnDomain.KIND), "The domain.");

  DomainFreeStep() {
    super("domain_free", "Detaches what is in a domain, and frees it: iommu_domain_free().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    OwnDomain.find(step.get(domain), process).release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "frees " + step.get(domain);
  }
}
