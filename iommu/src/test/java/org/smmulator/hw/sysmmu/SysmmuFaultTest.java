package org.smmulator.hw.sysmmu;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * What each version says of a fault, by the kernel's tables of bits and registers, and how software
 * ends it.
 */
class SysmmuFaultTest {
  private static final long STRAY = 0xdead_b000L;
  private static final int NO_MEMORY = 0x7000_0000;
  private static final int READ_ONLY_V1 = 0x8000_0212;
  private static final int READ_ONLY_V5 = 0x0800_0006;

  @Test
  void version3HasABitAndARegisterForEachKind() {
    assertThat(fault(3, 3, STRAY, WRITE, 0, 0x24)).isEqualTo(1);
    assertThat(fault(3, 3, STRAY, READ, 0, 0x24)).isEqualTo(1);
    assertThat(fault(3, 3, STRAY, READ, NO_MEMORY | 1, 0x30)).isEqualTo(1 << 3);
    assertThat(fault(3, 3, STRAY, WRITE, -1, 0x28)).isEqualTo(1 << 7);
  }

  @Test
  void version5HasTheSameBitsForReadsAndSixteenHigherForWrites() {
    assertThat(fault(5, 0, STRAY, READ, 0, 0x70)).isEqualTo(1 << 1);
    assertThat(fault(5, 0, STRAY, WRITE, 0, 0x80)).isEqualTo(1 << 17);
    assertThat(fault(5, 0, STRAY, READ, NO_MEMORY >>> 4 | 1, 0x70)).isEqualTo(1);
    assertThat(fault(5, 0, STRAY, WRITE, -1, 0x80)).isEqualTo(1 << 19);
  }

  @Test
  void version7SaysInARegisterOfItsOwnWhetherItWasAWrite() {
    try (SysmmuBench bench = faulted(new SysmmuBench(7, 0), STRAY, WRITE, 0)) {
      assertThat(bench.read(bench.variant.intStatus())).isEqualTo(1 << 1);
      assertThat(bench.sysmmu.mmio().read32(0x70)).isEqualTo((int) STRAY);
      assertThat(bench.sysmmu.mmio().read32(0x78)).isEqualTo(1 << 20);
    }
    SysmmuConfig withMachines = new SysmmuConfig(7, 0, true, false, SysmmuBench.TLB);
    try (SysmmuBench bench = faulted(new SysmmuBench(withMachines), STRAY, READ, 0)) {
      assertThat(bench.read(bench.variant.intStatus())).isEqualTo(1 << 1);
      assertThat(bench.sysmmu.mmio().read32(0x1000)).isEqualTo((int) STRAY);
      assertThat(bench.sysmmu.mmio().read32(0x1004)).isEqualTo(0);
    }
  }

  @Test
  void theMasterWaitsUntilTheInterruptIsClearedAndTheSysmmuUnblocked() {
    try (SysmmuBench bench = faulted(new SysmmuBench(3, 3), STRAY, READ, 0)) {
      assertThat(bench.interrupt).isTrue();
      assertThat(bench.read(SysmmuRegs.STATUS)).isEqualTo(1);
      bench.level1(STRAY, bench.section(0x8000_0000L));
      bench.write(bench.variant.flushEntry(), (int) STRAY | 1);

      bench.write(bench.variant.intClear(), 1);
      bench.run();
      assertThat(bench.interrupt).isFalse();
      assertThat(bench.log).isEmpty();

      bench.write(SysmmuRegs.CTRL, SysmmuBench.ENABLE);
      bench.run();
      assertThat(bench.log).containsExactly("g2d 0x800db000");
    }
  }

  @Test
  void someoneElsesUnblockingDoesNotReleaseAFaultThatIsNotCleared() {
    try (SysmmuBench bench = faulted(new SysmmuBench(5, 0), STRAY, READ, 0)) {
      bench.write(SysmmuRegs.CTRL, SysmmuBench.BLOCK);
      bench.write(SysmmuRegs.CTRL, SysmmuBench.ENABLE);
      bench.run();

      assertThat(bench.log).isEmpty();
      assertThat(bench.interrupt).isTrue();
    }
  }

  @Test
  void whatIsStillBrokenFaultsAgain() {
    try (SysmmuBench bench = faulted(new SysmmuBench(5, 0), STRAY, READ, 0)) {
      bench.clearFault();
      assertThat(bench.interrupt).isFalse();

      bench.run();

      assertThat(bench.interrupt).isTrue();
      assertThat(bench.log).isEmpty();
    }
  }

  @Test
  void aMasterThatWasResetMeanwhileDoesNotFaultAgain() {
    try (SysmmuBench bench = faulted(new SysmmuBench(5, 0), STRAY, READ, 0)) {
      bench.sysmmu.masterReset(0);
      bench.clearFault();

      bench.run();

      assertThat(bench.interrupt).isFalse();
      assertThat(bench.log).containsExactly("g2d 0xffffffffffffffff"); // ABORT
    }
  }

  @Test
  void aPageBesideTheSectionThatTookItsPlaceIsAMultiHit() {
    try (SysmmuBench bench = new SysmmuBench(5, 0)) {
      bench.level2(0, 0x4000_0000L, bench.page(0x8010_0000L));
      bench.enable();
      assertThat(bench.translate(0x4000_0000L, READ)).isEqualTo(0x8010_0000L);
      bench.level1(0x4000_0000L, bench.section(0x8020_0000L));
      bench.write(bench.variant.flushEntry(), 0x4000_1001); // of a page beside it

      assertThat(bench.translate(0x4000_5000L, READ)).isEqualTo(0x8020_5000L);
      bench.transaction("g2d", 0x4000_0000L, READ);
      bench.run();

      assertThat(bench.read(bench.variant.intStatus())).isEqualTo(1 << 2);
      bench.write(bench.variant.flushAll(), 1);
      bench.clearFault();
      bench.run();
      assertThat(bench.log).containsExactly("g2d 0x80200000");
    }
  }

  @Test
  void aVirtualMachineThatDoesNotStallLosesTheTransaction() {
    SysmmuConfig config = new SysmmuConfig(7, 0, true, false, SysmmuBench.TLB);
    try (SysmmuBench bench = new SysmmuBench(config)) {
      bench.enable();
      bench.write(SysmmuVariant.CTRL_VM, 1);

      assertThat(bench.translate(STRAY, READ)).isEqualTo(Translator.ABORT);
      assertThat(bench.interrupt).isTrue();
    }
  }

  /** The bits of INT_STATUS after a transaction; the iova is in the register at {@code offset}. */
  private static int fault(int major, int minor, long iova, int access, int level1, int offset) {
    try (SysmmuBench bench = faulted(new SysmmuBench(major, minor), iova, access, level1)) {
      assertThat(bench.sysmmu.mmio().read32(offset)).isEqualTo((int) iova);
      return bench.read(bench.variant.intStatus());
    }
  }

  /** A master held by a fault; -1 for a page that may only be read. */
  private static SysmmuBench faulted(SysmmuBench bench, long iova, int access, int level1) {
    if (level1 == -1) {
      boolean v1 = bench.variant == SysmmuVariant.V1;
      bench.level2(0, iova, v1 ? READ_ONLY_V1 : READ_ONLY_V5);
    } else {
      bench.level1(iova, level1);
    }
    bench.enable();
    bench.transaction("g2d", iova, access);
    bench.run();
    assertThat(bench.log).isEmpty();
    return bench;
  }
}
