package org.smmulator.script.kernel.iommu;

import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code unmap}: {@code iommu_unmap()}. */
final class UnmapStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<Long> iova = required("iova", Scalar.NUMBER, "Where it begins.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");

  UnmapStep() {
    super(
        "unmap",
        "Unmaps a range: iommu_unmap(). Yields the bytes that were unmapped, which may be fewer.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws FailedExpectation {
    OwnDomain from = OwnDomain.find(step.get(domain), process);
    return process.machine().iommu().unmap(from.domain(), step.get(iova), step.get(size));
  }

  @Override
  protected String words(Step step) {
    return "unmaps 0x%x bytes at 0x%x of %s%s"
        .formatted(step.get(size), step.get(iova), step.get(domain), step.asWords());
  }
}
