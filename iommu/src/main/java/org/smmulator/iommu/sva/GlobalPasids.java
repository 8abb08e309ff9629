package org.smmulator.iommu.sva;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.BitSet;
import org.smmulator.iommu.PageRequest;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * The PASIDs of a machine, one space for all devices: a process's PASID on one device means nothing
 * else on another. Kernel: {@code iommu_global_pasid_ida}.
 */
@Singleton
public final class GlobalPasids {
  private final FaultInjector faults;
  private final BitSet taken = new BitSet();

  @Inject
  public GlobalPasids(FaultInjector faults) {
    this.faults = faults;
    taken.set(PageRequest.NO_PASID);
  }

  /**
   * Takes the lowest that is free. Kernel: {@code iommu_alloc_global_pasid()}.
   *
   * @param limit what it must be below: how many the device has
   * @throws ErrnoException ENOSPC if there is none
   */
  public int take(int limit) throws ErrnoException {
    int pasid = taken.nextClearBit(0);
    if (pasid >= limit || faults.shouldFail(Site.PASID)) {
      throw ENOSPC.because("no PASID left below %d", limit);
    }
    taken.set(pasid);
    return pasid;
  }

  /** Frees a PASID. Kernel: {@code iommu_free_global_pasid()}. */
  public void release(int pasid) {
    checkState(pasid != PageRequest.NO_PASID && taken.get(pasid), "PASID %s is free", pasid);
    taken.clear(pasid);
  }
}
