package org.smmulator.script.kernel.iommu;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.kernel.DriverResource;

/** A domain that a driver made, and the devices that it put into it. */
final class OwnDomain extends DriverResource {
  static final Kind<OwnDomain> KIND = new Kind<>("a domain", OwnDomain.class);

  private final Iommu iommu;
  private final IommuDomain.Paging domain;
  private final List<Device> attached = new ArrayList<>();

  private OwnDomain(Iommu iommu, IommuDomain.Paging domain) {
    this.iommu = iommu;
    this.domain = domain;
  }

  /** Keeps {@code domain}, which goes when the driver of {@code device} does. */
  static OwnDomain of(Iommu iommu, IommuDomain.Paging domain, Device device) {
    OwnDomain made = new OwnDomain(iommu, domain);
    made.belongTo(device, "free domain");
    return made;
  }

  /**
   * The domain that a name stands for.
   *
   * @throws FailedExpectation if it is freed: to use it would be a bug in the driver
   */
  static OwnDomain find(Ref<OwnDomain> ref, ProcessRun process) throws FailedExpectation {
    OwnDomain found = process.find(ref);
    FailedExpectation.unless(found.isHeld(), ref + " to be there", "it is freed");
    return found;
  }

  IommuDomain.Paging domain() {
    return domain;
  }

  void attach(Device device) throws ErrnoException {
    iommu.attach(domain, device);
    attached.add(device);
    device.devres().add("detach domain", () -> detach(device));
  }

  /** Detaches {@code device}; returns whether it was attached. */
  boolean detach(Device device) {
    boolean was = attached.remove(device);
    if (was) {
      iommu.detach(domain, device);
    }
    return was;
  }

  @Override
  protected void giveBack() {
    List.copyOf(attached).reversed().forEach(this::detach);
    iommu.free(domain);
  }
}
