package org.smmulator.iommu.smmuv3.table;

import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3SvaCpu;
import org.smmulator.regs.smmuv3.Cd;

/** The context descriptors that the driver uses. Kernel: {@code arm_smmu_make_*_cd()}. */
public final class ArmSmmuV3Cd {
  private static final int WRITE_BACK_ALLOCATE = 1;
  private static final int INNER_SHAREABLE = 3;

  private ArmSmmuV3Cd() {}

  /**
   * Kernel: {@code arm_smmu_make_s1_cd()}.
   *
   * @param dirty whether hardware marks what it writes, the quirk {@code ARM_HD}
   */
  public static ArmSmmuV3Entry stage1(
      PgtableRegisters.Stage1 walk, int asid, ArmSmmuV3StreamAttrs attrs, boolean dirty) {
    PgtableRegisters.Tcr tcr = walk.tcr();
    long word0 =
        Cd.T0SZ.of(tcr.tsz())
            | Cd.TG0.of(tcr.tg())
            | Cd.IR0.of(tcr.irgn())
            | Cd.OR0.of(tcr.orgn())
            | Cd.SH0.of(tcr.sh())
            | Cd.IPS.of(tcr.ips())
            | common(asid, attrs)
            | (dirty ? Cd.HA.mask() | Cd.HD.mask() : 0);
    return withMair(ArmSmmuV3Entry.of(word0, walk.ttbr() & Cd.TTB0.mask()), walk.mair());
  }

  /**
   * A process's table, as the CPU walks it. Kernel: {@code arm_smmu_make_sva_cd()}.
   *
   * @param pgd the physical address of its root
   */
  public static ArmSmmuV3Entry sva(
      ArmSmmuV3SvaCpu cpu, long pgd, int asid, ArmSmmuV3StreamAttrs attrs) {
    long word0 =
        common(asid, attrs)
            | Cd.IPS.of(cpu.physicalSize())
            | Cd.T0SZ.of(64 - cpu.vaBits())
            | Cd.TG0.of(Cd.TG0_4K)
            | Cd.IR0.of(WRITE_BACK_ALLOCATE)
            | Cd.OR0.of(WRITE_BACK_ALLOCATE)
            | Cd.SH0.of(INNER_SHAREABLE);
    return withMair(ArmSmmuV3Entry.of(word0, pgd & Cd.TTB0.mask()), cpu.mair());
  }

  /**
   * The descriptor after the process of {@link #sva} has exited: EPD0 refuses every access, without
   * a stall or an event unless the hardware forces stalls, since a device may go on for long.
   */
  public static ArmSmmuV3Entry released(ArmSmmuV3SvaCpu cpu, int asid, ArmSmmuV3StreamAttrs attrs) {
    long word0 = common(asid, attrs) | Cd.IPS.of(cpu.physicalSize()) | Cd.EPD0.mask();
    if (!attrs.has(ArmSmmuV3Feature.STALL_FORCE)) {
      word0 &= ~(Cd.S.mask() | Cd.R.mask());
    }
    return withMair(ArmSmmuV3Entry.of(word0), cpu.mair());
  }

  private static long common(int asid, ArmSmmuV3StreamAttrs attrs) {
    return Cd.EPD1.mask()
        | Cd.V.mask()
        | Cd.AA64.mask()
        | Cd.R.mask()
        | Cd.A.mask()
        | Cd.ASET.mask()
        | Cd.ASID.of(asid)
        | (attrs.stallEnabled() ? Cd.S.mask() : 0);
  }

  private static ArmSmmuV3Entry withMair(ArmSmmuV3Entry entry, long mair) {
    entry.set(Cd.MAIR_WORD, mair);
    return entry;
  }
}
