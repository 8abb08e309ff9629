package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.EXTENDED_IDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.smmuv2.SmmuV2Config.Version;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/** What an SMMUv1 does otherwise: shared interrupts, fewer registers, invalidation by VMID. */
class SmmuV1Test {
  private static final long ROOT = 0x8080_0000L;
  private static final long BLOCK = 0b01 | 3 << 6 | 1 << 10;

  private SmmuBench bench = bench(Version.V1, 2);

  SmmuV1Test() throws DramUnavailableException {}

  private static SmmuBench bench(Version version, int interrupts) throws DramUnavailableException {
    int granules =
        version == Version.V1
            ? 0
            : SmmuV2Config.Stage1.GRANULE_4K | SmmuV2Config.Stage1.GRANULE_64K;
    return new SmmuBench(
        new SmmuV2Config(
            SmmuBench.STREAMS,
            SmmuBench.BANKS,
            new SmmuV2Config.Stage1(40, 40, granules, ADDRESS_OPS, COHERENT_WALK),
            new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 40),
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, 1_000),
            new Options(version, Descriptors32.LONG_AND_SHORT)),
        interrupts);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theIdRegistersCountInterruptsAndKnowNoUpstreamBus() {
    assertThat(bench.read(Gr0.ID0) >>> 16 & 0xff).isEqualTo(2);
    assertThat(bench.read(Gr0.ID2)).isEqualTo(0x22); // 40 bits, and nothing above
  }

  @Test
  void irptndxSaysWhichLineABankRaisesAndBanksShareIt() {
    ImmutableList<SmmuBench.Pin> lines = bench.context;
    startStage2(0, 1 << 24);
    startStage2(1, 1 << 24);
    fault(0);
    fault(1);
    assertThat(lines.get(0).high).isFalse();
    assertThat(lines.get(1).high).isTrue();

    bench.bank(0, Cb.FSR, -1);
    assertThat(lines.get(1).high).isTrue();
    bench.bank(1, Cb.FSR, -1);
    assertThat(lines.get(1).high).isFalse();
  }

  @Test
  void aRaisedInterruptMovesWithIrptndx() {
    startStage2(0, 0);
    fault(0);
    assertThat(bench.context.get(0).high).isTrue();

    bench.gr1(Gr1.CBAR, 0, 1 << 24 | 1);
    assertThat(bench.context.get(0).high).isFalse();
    assertThat(bench.context.get(1).high).isTrue();
    bench.gr1(Gr1.CBAR, 0, 7 << 24 | 1); // there is no such line
    assertThat(bench.context.get(1).high).isFalse();
  }

  @Test
  void whatCameWithVersion2IsNotThere() {
    bench.gr1(Gr1.CBA2R, 0, -1);
    bench.bank(0, Cb.TCR2, -1);

    assertThat(bench.gr1(Gr1.CBA2R, 0)).isEqualTo(0);
    assertThat(bench.bank(0, Cb.TCR2)).isEqualTo(0);
  }

  @Test
  void theSupplementFor64KBroughtSomeOfIt() throws DramUnavailableException {
    bench.close();
    bench = bench(Version.V1_64K, 1);

    bench.gr1(Gr1.CBA2R, 0, -1);
    assertThat(bench.gr1(Gr1.CBA2R, 0)).isEqualTo(1);
  }

  @Test
  void stage2ForgetsByVmidOnlyAndSyncsGloballyOnly() {
    startStage2(0, 0);
    block(0x4000_0000L);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    block(0x8000_0000L);

    bench.bank(0, CbAArch32.TLBIIPAS2, 0);
    bench.bank(0, CbAArch32.TLBIIPAS2L, 0);
    syncGlobally();
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);

    bench.write(Gr0.TLBIVMID, 1);
    bench.bank(0, Cb.TLBSYNC, -1);
    assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(0);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    syncGlobally();
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x8000_0010L);
  }

  @Test
  void whatNoSuchSmmuCanBeIsRefused() {
    Options wide = new Options(Version.V1, Descriptors32.LONG, EXTENDED_IDS);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new SmmuV2Config(
                SmmuBench.STREAMS,
                SmmuBench.BANKS,
                new SmmuV2Config.Stage1(40, 40, 0, ADDRESS_OPS, COHERENT_WALK),
                new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 40),
                SmmuBench.TLB,
                wide));
  }

  private void startStage2(int bank, int irptndx) {
    bench.enable();
    bench.route(bank, 5 + bank, 0, bank);
    bench.gr1(Gr1.CBAR, bank, irptndx | bank + 1);
    bench.bank(bank, Cb.VTCR, 0x18 | 1 << 6); // 40 bits from level 1
    bench.bank(bank, Cb.TTBR0, ROOT);
    bench.bank(bank, Cb.SCTLR, 0x167);
  }

  private void fault(int bank) {
    var _ = bench.translate(5 + bank, 0x70_0000_0000L, READ);
    assertThat(bench.bank(bank, Cb.FSR)).isEqualTo(0x202);
  }

  private void syncGlobally() {
    bench.write(Gr0.STLBGSYNC, -1);
    while (bench.read(Gr0.STLBGSTATUS) == 1) {}
  }

  private void block(long pa) {
    bench.dram.putLong(ROOT, pa | BLOCK);
  }
}
