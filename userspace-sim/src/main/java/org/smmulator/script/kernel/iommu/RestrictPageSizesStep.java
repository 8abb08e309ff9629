package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code restrict_page_sizes}: a domain with a subset of what the hardware can do. */
final class RestrictPageSizesStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<Long> sizes =
      required("sizes", Scalar.NUMBER, "The bitmap of the sizes that its table may have.");

  RestrictPageSizesStep() {
    super(
        "restrict_page_sizes",
        "Has a domain's table be made with some page sizes only; EPERM once it is made.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    OwnDomain asked = OwnDomain.find(step.get(domain), process);
    process.machine().iommu().restrictPageSizes(asked.domain(), step.get(sizes));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "restricts %s to page sizes 0x%x".formatted(step.get(domain), step.get(sizes));
  }
}
