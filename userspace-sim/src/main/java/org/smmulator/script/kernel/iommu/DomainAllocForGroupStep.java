package org.smmulator.script.kernel.iommu;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code domain_alloc_for_group}: {@code iommu_domain_alloc_for_group()} of 2015. */
final class DomainAllocForGroupStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "A device of the group that it is for.");

  DomainAllocForGroupStep() {
    super(
        "domain_alloc_for_group",
        "Makes a domain for one group, as proposed in 2015; EOPNOTSUPP unless iommu.pgsize has it.",
        OwnDomain.KIND);
  }

  @Override
  protected OwnDomain run(Step step, ProcessRun process) throws ErrnoException {
    Iommu iommu = process.machine().iommu();
    PlatformDevice member = device(step, device, process);
    IommuGroup group = iommu.groupOf(member);
    if (group == null) {
      throw ENODEV.because("%s has no IOMMU", member.name());
    }
    return OwnDomain.of(iommu, iommu.allocForGroup(group), member);
  }

  @Override
  protected String words(Step step) {
    return "makes a domain for the group of %s%s".formatted(step.get(device), step.asWords());
  }
}
