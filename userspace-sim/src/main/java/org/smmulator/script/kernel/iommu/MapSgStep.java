package org.smmulator.script.kernel.iommu;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelPages;
import org.smmulator.script.kernel.KernelStep;
import org.smmulator.script.kernel.Permission;

/** {@code map_sg}: {@code iommu_map_sg()}. */
final class MapSgStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<Long> iova =
      required("iova", Scalar.NUMBER, "The address that devices will use for the first page.");
  private final FormField<Ref<KernelPages>> pages =
      required("pages", Ref.own(PAGES), "The pages, which may be scattered.");
  private final FormField<ImmutableList<Permission>> prot =
      optional("prot", Permission.LIST, Permission.READ_WRITE, "What devices may do.");

  MapSgStep() {
    super(
        "map_sg",
        "Maps pages at consecutive addresses: iommu_map_sg(). Yields the bytes mapped.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    OwnDomain into = OwnDomain.find(step.get(domain), process);
    return process
        .machine()
        .iommu()
        .mapSg(
            into.domain(),
            step.get(iova),
            process.own(step.get(pages)).list(),
            Permission.bits(step.get(prot)));
  }

  @Override
  protected String words(Step step) {
    return "maps the pages of %s at 0x%x of %s"
        .formatted(step.get(pages), step.get(iova), step.get(domain));
  }
}
