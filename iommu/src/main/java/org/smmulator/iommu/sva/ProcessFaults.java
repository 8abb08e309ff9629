package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import jakarta.inject.Inject;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.iopf.FaultGroup;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.Prot;

/**
 * Brings the pages of a process that a device finds missing. Kernel: {@code iommu_sva_iopf_handler}
 * and {@code iommu_sva_handle_mm()}.
 */
public final class ProcessFaults implements PageFaultHandler {
  @Inject
  public ProcessFaults() {}

  @Override
  public void handle(FaultGroup group) throws ErrnoException {
    if (!(group.domain() instanceof IommuDomain.Sva domain)) {
      throw EINVAL.because("the domain's table is not a process's");
    }
    group.later(() -> group.respond(bringAll(group, domain.mm())));
  }

  /** The first that cannot be brought decides for the group. */
  private static PageResponse bringAll(FaultGroup group, AddressSpace mm) {
    for (PageRequest request : group.requests()) {
      if (!request.hasPasid() || !mm.makePresent(request.addr(), access(request.perm()))) {
        return PageResponse.INVALID;
      }
    }
    return PageResponse.SUCCESS;
  }

  private static int access(int perm) {
    return ((perm & PageRequest.READ) != 0 ? Prot.READ : 0)
        | ((perm & PageRequest.WRITE) != 0 ? Prot.WRITE : 0)
        | ((perm & PageRequest.EXEC) != 0 ? Prot.EXEC : 0);
  }
}
