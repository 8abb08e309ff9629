package org.smmulator.script.kernel.iommu;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.util.Locale;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.kernel.KernelStep;

/** {@code domain_of}: the domain that a device's DMA goes into. */
final class DomainExpectation extends MachineExpectation {
  private final FormField<String> device = required("domain_of", KernelStep.DEVICE, "The device.");
  private final FormField<String> words =
      required(
          "is",
          Scalar.text("a domain", "\"unmanaged, context bank 0\""),
          "Its type and, if it has a table, the place of the table in the IOMMU; or 'none'.");

  DomainExpectation() {
    super("domain_of", "A device is in a domain of some type, at some place of its IOMMU.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    String found = domainOf(args.get(device), machine);
    FailedExpectation.unless(
        found.equals(args.get(words)),
        "%s in '%s'".formatted(args.get(device), args.get(words)),
        "it is in '%s'".formatted(found));
  }

  private static String domainOf(String name, Machine machine) throws FailedExpectation {
    PlatformDevice found = KernelStep.find(name, machine);
    if (found == null) {
      throw new FailedExpectation("a device " + name, ENODEV.description());
    }
    IommuGroup group = machine.iommu().groupOf(found);
    IommuDomain domain = group == null ? null : group.domain();
    if (domain == null) {
      return "none";
    }
    String type =
        domain.type() == DomainType.UNMANAGED
            ? "unmanaged"
            : domain.type().sysfsName().toLowerCase(Locale.ROOT);
    return domain instanceof IommuDomain.Paging paging ? type + ", " + paging.place() : type;
  }

  @Override
  protected String words(Args args) {
    return "finds %s in '%s'".formatted(args.get(device), args.get(words));
  }
}
