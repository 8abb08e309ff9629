package org.smmulator.script.kernel.iommu;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelMemory;
import org.smmulator.script.kernel.KernelStep;
import org.smmulator.script.kernel.Permission;

/** {@code map}: {@code iommu_map()}. */
final class MapStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<Long> iova =
      required("iova", Scalar.NUMBER, "The address that devices will use.");
  private final FormField<Address<KernelMemory>> memory =
      required("memory", Address.in(MEMORY), "Where it leads: memory in one run.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");
  private final FormField<ImmutableList<Permission>> prot =
      optional("prot", Permission.LIST, Permission.READ_WRITE, "What devices may do.");

  MapStep() {
    super("map", "Maps memory that lies in one run: iommu_map(). All or nothing.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    OwnDomain into = OwnDomain.find(step.get(domain), process);
    process
        .machine()
        .iommu()
        .map(
            into.domain(),
            step.get(iova),
            physical(step.get(memory), process),
            step.get(size),
            Permission.bits(step.get(prot)));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "maps 0x%x bytes at 0x%x of %s to %s"
        .formatted(step.get(size), step.get(iova), step.get(domain), step.get(memory));
  }
}
