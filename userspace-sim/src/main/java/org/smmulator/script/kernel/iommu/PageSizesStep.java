package org.smmulator.script.kernel.iommu;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code page_sizes}: the {@code pgsize_bitmap} of a domain. */
final class PageSizesStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");

  PageSizesStep() {
    super(
        "page_sizes",
        "Reads the bitmap of a domain's page sizes; EINVAL as long as it is not final.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    OwnDomain asked = OwnDomain.find(step.get(domain), process);
    return process.machine().iommu().pageSizes(asked.domain());
  }

  @Override
  protected String words(Step step) {
    return "asks for the page sizes of %s%s".formatted(step.get(domain), step.asWords());
  }
}
