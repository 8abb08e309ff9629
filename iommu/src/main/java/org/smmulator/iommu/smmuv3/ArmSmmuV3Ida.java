package org.smmulator.iommu.smmuv3;

import java.util.BitSet;

/**
 * Tags of translations: ASIDs or VMIDs. The lowest free one is next; 0 is nobody's. Kernel: {@code
 * arm_smmu_asid_xa}, {@code vmid_map}.
 */
final class ArmSmmuV3Ida {
  /** There is no free id. */
  static final int NONE = 0;

  private final BitSet taken = new BitSet();

  ArmSmmuV3Ida() {
    taken.set(NONE);
  }

  /** The lowest free id of at most {@code bits} bits; {@link #NONE} if there is none. */
  int take(int bits) {
    int free = taken.nextClearBit(1);
    if (free >= 1 << bits) {
      return NONE;
    }
    taken.set(free);
    return free;
  }

  void release(int id) {
    taken.clear(id);
  }
}
