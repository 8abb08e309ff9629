package org.smmulator.hw.smmuv3;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.vmsa.AsidSpaces;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tlb;

/**
 * The TLB's address spaces by VMID and ASID, and the reach of each kind of invalidation. Arm IHI
 * 0070, 4.4.
 *
 * <p>A translation of both stages is kept under the ASID, as one of stage 1; a translation of an
 * IPA is kept beside it, under the VMID alone. So an invalidation by IPA leaves the former, and
 * software must invalidate stage 1 too.
 */
final class TlbSpaces {
  /** The spaces of one VMID. */
  static final class Vmid {
    final AsidSpaces el1;
    final Space stage2;

    private Vmid(Tlb tlb) {
      el1 = new AsidSpaces(tlb);
      stage2 = tlb.newSpace(null);
    }

    private void invalidate(Tlb tlb) {
      el1.invalidateAll();
      tlb.invalidate(stage2);
    }
  }

  private final Tlb tlb;
  private @Nullable Vmid[] byVmid = new Vmid[1];
  private final AsidSpaces el2;

  TlbSpaces(Tlb tlb) {
    this.tlb = tlb;
    this.el2 = new AsidSpaces(tlb);
  }

  Vmid of(int vmid) {
    if (vmid >= byVmid.length) {
      byVmid = Arrays.copyOf(byVmid, Math.max(vmid + 1, 2 * byVmid.length));
    }
    Vmid spaces = byVmid[vmid];
    if (spaces == null) {
      spaces = new Vmid(tlb);
      byVmid[vmid] = spaces;
    }
    return spaces;
  }

  AsidSpaces el2() {
    return el2;
  }

  /** Invalidates both stages of {@code vmid}. */
  void invalidateVmid(int vmid) {
    of(vmid).invalidate(tlb);
  }

  /** Invalidates everything but EL2. */
  void invalidateVmids() {
    for (Vmid spaces : byVmid) {
      if (spaces != null) {
        spaces.invalidate(tlb);
      }
    }
  }
}
