package org.smmulator.hw.sysmmu;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;

import org.junit.jupiter.api.Test;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/** Which transaction goes where, in each version; and what blocking does. */
class SysmmuTranslationTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8765_4000L;

  @Test
  void outOfResetEverythingPasses() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      assertThat(bench.translate(IOVA, WRITE)).isEqualTo(IOVA);
    }
  }

  @Test
  void theVersionIsInTheTopBitsExceptForA1_0() {
    assertThat(version(1, 0)).isEqualTo(0x8000_0001);
    assertThat(version(2, 1)).isEqualTo(0x2020_0000);
    assertThat(version(3, 3)).isEqualTo(0x3060_0000);
    assertThat(version(5, 0)).isEqualTo(0x5000_0000);
    assertThat(version(7, 4)).isEqualTo(0x7080_0000);
  }

  @Test
  void theOlderFormatIsReadByVersions1To3() {
    for (int major = 1; major <= 3; major++) {
      try (SysmmuBench bench = new SysmmuBench(major, 1)) {
        bench.level2(0, IOVA, 0x8765_4012);
        bench.level1(0x4000_0000L, 0x8760_0402);
        bench.enable();

        assertThat(bench.translate(IOVA + 0x123, WRITE)).isEqualTo(PA + 0x123);
        assertThat(bench.translate(0x400a_bcdeL, WRITE)).isEqualTo(0x876a_bcdeL);
      }
    }
  }

  @Test
  void theNewerFormatReaches36Bits() {
    for (int major = 5; major <= 7; major++) {
      try (SysmmuBench bench = new SysmmuBench(major, 0)) {
        bench.level2(0, IOVA, 0xa876_540e);
        bench.level1(0x4000_0000L, 0xa876_0032);
        bench.enable();

        assertThat(bench.translate(IOVA + 0x123, WRITE)).isEqualTo(0xa_8765_4123L);
        assertThat(bench.translate(0x400a_bcdeL, WRITE)).isEqualTo(0xa_876a_bcdeL);
      }
    }
  }

  @Test
  void aLargePageLeadsOnFromItsStart() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      bench.largePage(0, 0x1234_0000L, 0x8765_0000L);
      bench.enable();

      assertThat(bench.translate(0x1234_f00dL, READ)).isEqualTo(0x8765_f00dL);
      assertThat(bench.translate(0x1234_0000L, READ)).isEqualTo(0x8765_0000L);
    }
  }

  @Test
  void only32BitsOfAnIovaAreWired() {
    try (SysmmuBench bench = new SysmmuBench(5, 0)) {
      bench.level2(0, IOVA, bench.page(PA));
      bench.enable();

      assertThat(bench.translate(0x7_0000_0000L + IOVA, READ)).isEqualTo(PA);
    }
  }

  @Test
  void withoutEapNobodyAsksWhatALeafAllows() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      bench.level2(0, IOVA, 0x8765_4212); // read only
      bench.enable();
      bench.write(SysmmuRegs.CFG, SysmmuBench.CFG & ~4);

      assertThat(bench.translate(IOVA, WRITE)).isEqualTo(PA);
    }
  }

  @Test
  void aBlockedMasterWaitsUntilItIsUnblocked() {
    try (SysmmuBench bench = new SysmmuBench(5, 0)) {
      bench.level2(0, IOVA, bench.page(PA));
      bench.enable();

      bench.write(SysmmuRegs.CTRL, SysmmuBench.BLOCK);
      assertThat(bench.read(SysmmuRegs.STATUS)).isEqualTo(1);
      bench.transaction("decon", IOVA, READ);
      bench.run();
      assertThat(bench.log).isEmpty();

      bench.write(SysmmuRegs.CTRL, SysmmuBench.ENABLE);
      assertThat(bench.read(SysmmuRegs.STATUS)).isEqualTo(0);
      bench.run();
      assertThat(bench.log).containsExactly("decon 0x87654000");
    }
  }

  @Test
  void whoeverIsHeldWhenItIsDisabledPasses() {
    try (SysmmuBench bench = new SysmmuBench(5, 0)) {
      bench.enable();
      bench.write(SysmmuRegs.CTRL, SysmmuBench.BLOCK);
      bench.transaction("decon", IOVA, READ);
      bench.run();

      bench.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_DISABLE);
      bench.run();

      assertThat(bench.log).containsExactly("decon 0x12345000");
    }
  }

  @Test
  void withVirtualMachinesTheFirstMustBeOn() {
    SysmmuConfig config = new SysmmuConfig(7, 1, true, false, SysmmuBench.TLB);
    try (SysmmuBench bench = new SysmmuBench(config)) {
      assertThat(bench.read(SysmmuVariant.CAPA0)).isEqualTo(1 << 11);
      assertThat(bench.read(SysmmuVariant.CAPA1)).isEqualTo(1 << 14);
      bench.level2(0, IOVA, bench.page(PA));
      bench.enable();
      assertThat(bench.translate(IOVA, READ)).isEqualTo(PA);

      bench.write(SysmmuVariant.CTRL_VM, 8);

      assertThat(bench.translate(IOVA, READ)).isEqualTo(IOVA);
    }
  }

  private static int version(int major, int minor) {
    try (SysmmuBench bench = new SysmmuBench(major, minor)) {
      return bench.read(SysmmuRegs.VERSION);
    }
  }
}
