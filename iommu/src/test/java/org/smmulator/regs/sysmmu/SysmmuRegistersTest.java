package org.smmulator.regs.sysmmu;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The register maps against the offsets and masks of {@code drivers/iommu/exynos-iommu.c}. */
class SysmmuRegistersTest {
  @Test
  void whatEveryVersionHasIsWhereTheDriverSays() {
    assertThat(SysmmuRegs.CTRL.offset()).isEqualTo(0x000);
    assertThat(SysmmuRegs.CFG.offset()).isEqualTo(0x004);
    assertThat(SysmmuRegs.STATUS.offset()).isEqualTo(0x008);
    assertThat(SysmmuRegs.VERSION.offset()).isEqualTo(0x034);
    assertThat(SysmmuRegs.CFG_QOS.of(15)).isEqualTo(15 << 7);
    assertThat(SysmmuRegs.CFG_FLPDCACHE.mask()).isEqualTo(1 << 20);
    assertThat(SysmmuRegs.CFG_SYSSEL.mask()).isEqualTo(1 << 22);
    assertThat(SysmmuRegs.CFG_ACGEN.mask()).isEqualTo(1 << 24);
    assertThat(SysmmuRegs.CFG_EAP.mask()).isEqualTo(1 << 2);
  }

  @Test
  void version1HasItsOwnOrderAndNoRanges() {
    SysmmuVariant v1 = SysmmuVariant.of(3, false);
    assertThat(v1.flushAll().offset()).isEqualTo(0x0c);
    assertThat(v1.flushEntry().offset()).isEqualTo(0x10);
    assertThat(v1.ptBase().offset()).isEqualTo(0x14);
    assertThat(v1.intStatus().offset()).isEqualTo(0x18);
    assertThat(v1.intClear().offset()).isEqualTo(0x1c);
    assertThat(v1.hasRanges()).isFalse();
    assertThrows(IllegalStateException.class, v1::flushRange);
  }

  @Test
  void versions5And7AreAlikeAndVirtualMachinesMoveTheBase() {
    assertOffsets(SysmmuVariant.of(5, false), 0);
    assertOffsets(SysmmuVariant.of(6, false), 0);
    assertOffsets(SysmmuVariant.of(7, false), 0);
    assertOffsets(SysmmuVariant.of(7, true), 0x8000);
    assertThat(SysmmuV7FaultRegs.va(SysmmuVariant.V7).offset()).isEqualTo(0x70);
    assertThat(SysmmuV7FaultRegs.info(SysmmuVariant.V7).offset()).isEqualTo(0x78);
    assertThat(SysmmuV7FaultRegs.va(SysmmuVariant.V7_VM).offset()).isEqualTo(0x1000);
    assertThat(SysmmuV7FaultRegs.info(SysmmuVariant.V7_VM).offset()).isEqualTo(0x1004);
  }

  private static void assertOffsets(SysmmuVariant variant, int base) {
    assertThat(variant.ptBase().offset()).isEqualTo(base + 0x0c);
    assertThat(variant.flushAll().offset()).isEqualTo(base + 0x10);
    assertThat(variant.flushEntry().offset()).isEqualTo(base + 0x14);
    assertThat(variant.flushRange().offset()).isEqualTo(base + 0x18);
    assertThat(variant.flushStart().offset()).isEqualTo(base + 0x20);
    assertThat(variant.flushEnd().offset()).isEqualTo(base + 0x24);
    assertThat(variant.intStatus().offset()).isEqualTo(0x60);
    assertThat(variant.intClear().offset()).isEqualTo(0x64);
  }
}
