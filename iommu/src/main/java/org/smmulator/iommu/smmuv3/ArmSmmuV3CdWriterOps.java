package org.smmulator.iommu.smmuv3;

import org.smmulator.regs.smmuv3.Cd;

/** Context descriptors. Arm IHI 0070, 5.4. */
final class ArmSmmuV3CdWriterOps implements ArmSmmuV3EntryWriterOps {
  /** Kernel: {@code arm_smmu_get_cd_used()}. */
  @Override
  public ArmSmmuV3Entry used(ArmSmmuV3Entry entry) {
    if (!Cd.V.isSet(entry.word(0))) {
      return ArmSmmuV3Entry.of(Cd.V.mask());
    }
    ArmSmmuV3Entry used = ArmSmmuV3Entry.ones();
    if (Cd.EPD0.isSet(entry.word(0))) {
      // Without walks there is nothing that a table or its shape could mean.
      used.clear(0, Cd.T0SZ.mask() | Cd.TG0.mask());
      used.clear(0, Cd.IR0.mask() | Cd.OR0.mask() | Cd.SH0.mask());
      used.clear(1, Cd.TTB0.mask());
    }
    return used;
  }

  @Override
  public ArmSmmuV3Entry safe(ArmSmmuV3Entry current, ArmSmmuV3Entry target) {
    return new ArmSmmuV3Entry();
  }
}
