package org.smmulator.iommu.exynos;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * The version of a sysmmu. Kernel: {@code __sysmmu_get_version()}, {@code MAKE_MMU_VER()}.
 *
 * @param major the version
 * @param minor the version behind the dot
 * @param variant the register layout
 */
record ExynosSysmmuVersion(int major, int minor, SysmmuVariant variant) {
  static ExynosSysmmuVersion read(Mmio registers) {
    int value = registers.read(SysmmuRegs.VERSION);
    if (value == SysmmuRegs.VERSION_1_0_IN_DISGUISE) {
      return new ExynosSysmmuVersion(1, 0, SysmmuVariant.V1);
    }
    return new ExynosSysmmuVersion(
        SysmmuRegs.VERSION_MAJOR.get(value),
        SysmmuRegs.VERSION_MINOR.get(value),
        SysmmuVariant.ofVersion(value, registers::read));
  }

  boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /** The value of CFG. Kernel: {@code __sysmmu_init_config()}. */
  int config() {
    int common = SysmmuRegs.CFG_EAP.mask() | SysmmuRegs.CFG_QOS.of(15);
    if (!isAtLeast(3, 2)) {
      return common | SysmmuRegs.CFG_LRU.mask();
    }
    int cached = common | SysmmuRegs.CFG_FLPDCACHE.mask();
    return isAtLeast(3, 3)
        ? cached | SysmmuRegs.CFG_ACGEN.mask()
        : cached | SysmmuRegs.CFG_LRU.mask() | SysmmuRegs.CFG_SYSSEL.mask();
  }
}
