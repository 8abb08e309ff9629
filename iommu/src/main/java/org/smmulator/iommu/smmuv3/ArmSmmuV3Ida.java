package org.smmulator.iommu.smmuv3;

import java.util.BitSet;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * Allocates ASIDs or VMIDs, the lowest free one first; 0 is never allocated. Kernel: {@code
 * arm_smmu_asid_xa}, {@code vmid_map}.
 */
final class ArmSmmuV3Ida {
  /** No id is free. */
  static final int NONE = 0;

  private final Site site;
  private final FaultInjector faults;
  private final BitSet allocated = new BitSet();

  /**
   * Makes a space in which all ids are free.
   *
   * @param site the kind of ids
   * @param faults makes allocations fail on purpose
   */
  ArmSmmuV3Ida(Site site, FaultInjector faults) {
    this.site = site;
    this.faults = faults;
    allocated.set(NONE);
  }

  /** Allocates an id of at most {@code bits} bits; {@link #NONE} if all are in use. */
  int alloc(int bits) {
    int free = allocated.nextClearBit(NONE);
    if (free >= 1 << bits || faults.shouldFail(site)) {
      return NONE;
    }
    allocated.set(free);
    return free;
  }

  void free(int id) {
    allocated.clear(id);
  }
}
