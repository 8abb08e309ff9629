package org.smmulator.script.kernel.iommu;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code domain_alloc}: {@code iommu_paging_domain_alloc()}, or what stood there before 2024. */
final class DomainAllocStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that it is made for.");
  private final FormField<Known> madeFor =
      optional(
          "made_for",
          FieldType.oneOf(Known.class),
          Known.DEVICE,
          "Whether the table is made now, for the device, or with the first attach:"
              + " device, first_attached, or whichever the year of iommu.pgsize has it.");

  DomainAllocStep() {
    super(
        "domain_alloc",
        "Makes a domain to attach and map: iommu_paging_domain_alloc().",
        OwnDomain.KIND);
  }

  @Override
  protected OwnDomain run(Step step, ProcessRun process) throws ErrnoException {
    Iommu iommu = process.machine().iommu();
    PlatformDevice known = device(step, device, process);
    IommuDomain.Paging made =
        switch (step.get(madeFor)) {
          case DEVICE -> iommu.allocPaging(known);
          case FIRST_ATTACHED -> iommu.allocGeneric(known);
          case WHICHEVER -> iommu.allocForDriver(known);
        };
    return OwnDomain.of(iommu, made, known);
  }

  @Override
  protected String words(Step step) {
    String whom =
        switch (step.get(madeFor)) {
          case FIRST_ATTACHED -> "whatever is attached first";
          case DEVICE, WHICHEVER -> step.get(device);
        };
    return "makes a domain for %s%s".formatted(whom, step.asWords());
  }

  /** The knowledge of the device at the time that the domain is made. */
  private enum Known {
    DEVICE,
    FIRST_ATTACHED,
    WHICHEVER
  }
}
