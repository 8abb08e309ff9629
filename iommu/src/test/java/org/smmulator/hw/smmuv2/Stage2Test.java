package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * Stage 2, alone and under stage 1. Tables are written by hand from the Arm ARM, D8.3: S2AP in bits
 * 7:6, XN in bit 54, SL0 in VTCR.
 */
class Stage2Test {
  private static final int STREAM = 5;
  private static final long ROOT = 0x8080_0000L;
  private static final long TABLE = 0x8081_0000L;

  /** A page or a table entry; accessed, to be read and written. */
  private static final long PAGE = 0b11 | 3 << 6 | 1 << 10;

  private static final long BLOCK = PAGE & ~0b10L;
  private static final long READ_ONLY = 1L << 6;
  private static final long RIGHTS = 3L << 6;
  private static final long XN = 1L << 54;

  private static final int PS_40 = 2 << 16;
  private static final int TG_4K = 0;
  private static final int TG_64K = 1 << 14;
  private static final int TG_16K = 2 << 14;
  private static final int SCTLR = 0x167;
  private static final int NESTED = 3 << 16;

  private static final int TRANSLATION_FAULT = 0x402;
  private static final int PERMISSION_FAULT = 0x408;

  private final SmmuBench bench;

  Stage2Test() throws DramUnavailableException {
    int all =
        SmmuV2Config.Stage1.GRANULE_4K
            | SmmuV2Config.Stage1.GRANULE_16K
            | SmmuV2Config.Stage1.GRANULE_64K;
    bench =
        new SmmuBench(
            new SmmuV2Config(
                SmmuBench.STREAMS,
                new SmmuV2Config.Banks(4, 1, SmmuBench.PAGES),
                new SmmuV2Config.Stage1(49, 40, all, SPLIT_TABLES, ADDRESS_OPS, COHERENT_WALK),
                new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 36),
                SmmuBench.TLB));
    bench.enable();
    bench.route(0, STREAM, 0, 0);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theIdRegistersTellOfBothStages() {
    assertThat(bench.read(Gr0.ID0) >>> 28).isEqualTo(0b0111); // S1TS, S2TS, NTS
    assertThat(bench.read(Gr0.ID1)).isEqualTo(0x2001_0004); // one bank does stage 2 only
    assertThat(bench.read(Gr0.ID2) & 0xff).isEqualTo(0x12); // 36 bits out of 40
  }

  @Test
  void aBankForStage2OnlyHasNoOtherType() {
    bench.gr1(Gr1.CBAR, 0, 0x1_f305);
    bench.gr1(Gr1.CBAR, 1, 0x1_f305);

    assertThat(bench.gr1(Gr1.CBAR, 0) & 0x3_0000).isEqualTo(0);
    assertThat(bench.gr1(Gr1.CBAR, 1) & 0x3_0000).isEqualTo(0x1_0000);
  }

  @Test
  void threeLevelsOf4KWithOneRootTable() {
    // 39 bits from level 1: SL0 1.
    bench.dram.putLong(ROOT + 8 * 2, TABLE | 0b11);
    bench.dram.putLong(TABLE + 8 * 3, 0x8082_0000L | 0b11);
    bench.dram.putLong(0x8082_0000L + 8 * 4, 0x8000_5000L | PAGE);
    bench.dram.putLong(TABLE + 8 * 5, 0x8020_0000L | BLOCK);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);

    assertThat(read(0x8060_4123L)).isEqualTo(0x8000_5123L);
    assertThat(read(0x80a1_2345L)).isEqualTo(0x8021_2345L);
  }

  @Test
  void aConcatenatedRootSavesALevel() {
    // 40 bits from level 1: two tables side by side; entry 513 is the second's first but one.
    bench.dram.putLong(ROOT + 8 * 513, 0x4000_0000L | BLOCK);
    start(0, 7, 24 | 1 << 6 | TG_4K | PS_40, ROOT);
    assertThat(read(513L << 30 | 0x1234)).isEqualTo(0x4000_1234L);

    // 34 bits from level 2: sixteen tables.
    bench.dram.putLong(ROOT + 8 * (15 * 512 + 7), 0x8060_0000L | BLOCK);
    start(0, 8, 30 | TG_4K | PS_40, ROOT);
    assertThat(read((15L * 512 + 7) << 21 | 0x56)).isEqualTo(0x8060_0056L);
  }

  @Test
  void moreThanSixteenTablesAreNoRoot() {
    start(0, 7, 29 | TG_4K | PS_40, ROOT); // 35 bits from level 2 would be 32

    assertThat(faultOf(0x1000)).isEqualTo(TRANSLATION_FAULT);
  }

  @Test
  void theLargerGranulesCountFromLevel3() {
    // 16 KiB, 36 bits from level 2 (SL0 1): 11 bits each.
    bench.dram.putLong(ROOT + 8 * 3, TABLE | 0b11);
    bench.dram.putLong(TABLE + 8 * 2, 0x8000_4000L | PAGE);
    start(0, 7, 28 | 1 << 6 | TG_16K | PS_40, ROOT);
    assertThat(read(3L << 25 | 2 << 14 | 0x123)).isEqualTo(0x8000_4123L);

    // 64 KiB, 40 bits from level 2 (SL0 1): 11 bits, then 13.
    bench.dram.putLong(0x8090_0000L + 8 * 4, 0x80a0_0000L | 0b11);
    bench.dram.putLong(0x80a0_0000L + 8 * 5, 0x8003_0000L | PAGE);
    start(0, 8, 24 | 1 << 6 | TG_64K | PS_40, 0x8090_0000L);
    assertThat(read(4L << 29 | 5 << 16 | 0x4567)).isEqualTo(0x8003_4567L);
  }

  @Test
  void anAddressWiderThanTheInputHasNoTranslation() {
    bench.dram.putLong(ROOT, 0x4000_0000L | BLOCK);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);

    assertThat(read(0)).isEqualTo(0x4000_0000L);
    assertThat(faultOf(1L << 39)).isEqualTo(TRANSLATION_FAULT);
  }

  @Test
  void anOutputWiderThanTheSiliconIsAnAddressSizeFault() {
    bench.dram.putLong(ROOT, 1L << 36 | BLOCK);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);

    assertThat(faultOf(0)).isEqualTo(0x480);
  }

  @Test
  void whatTheLeafGrantsEveryoneMayDo() {
    bench.dram.putLong(ROOT, ((0x4000_0000L | BLOCK) & ~RIGHTS) | READ_ONLY | XN);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);

    assertThat(bench.translate(STREAM, 0x10, READ | PRIVILEGED)).isEqualTo(0x4000_0010L);
    assertThat(bench.translate(STREAM, 0x10, READ)).isEqualTo(0x4000_0010L);
    assertThat(bench.translate(STREAM, 0x10, READ | INSTRUCTION)).isEqualTo(ABORT);
    bench.bank(0, Cb.FSR, -1);
    assertThat(bench.translate(STREAM, 0x10, WRITE)).isEqualTo(ABORT);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 1); // a write; a block of level 1
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(0x10);
  }

  @Test
  void anIntermediateAddressGoesByItsPageUnderTheBanksVmid() {
    mapPage(0x8000_1000L);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);
    assertThat(read(0x1000)).isEqualTo(0x8000_1000L);
    mapPage(0x8000_2000L);

    bench.bank(0, Cb.TLBIVA, 1L); // a stage-2 bank has no iovas
    bench.bank(0, Cb.TLBIIPAS2L, 2L);
    bench.write(Gr0.TLBIVMID, 8);
    assertThat(read(0x1000)).isEqualTo(0x8000_1000L);

    bench.bank(0, Cb.TLBIIPAS2L, 1L);
    assertThat(read(0x1000)).isEqualTo(0x8000_2000L);
    mapPage(0x8000_3000L);
    bench.bank(0, Cb.TLBIIPAS2, 1L);
    assertThat(read(0x1000)).isEqualTo(0x8000_3000L);
    mapPage(0x8000_4000L);
    bench.write(Gr0.TLBIVMID, 7);
    assertThat(read(0x1000)).isEqualTo(0x8000_4000L);
  }

  @Test
  void anotherVmidFindsNothingAndLeavesWhatTheFirstOneFound() {
    mapPage(0x8000_1000L);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);
    assertThat(read(0x1000)).isEqualTo(0x8000_1000L);
    mapPage(0x8000_2000L);

    bench.gr1(Gr1.CBAR, 0, 9);
    assertThat(read(0x1000)).isEqualTo(0x8000_2000L);
    bench.write(Gr0.TLBIVMID, 9);
    bench.gr1(Gr1.CBAR, 0, 7);

    assertThat(read(0x1000)).isEqualTo(0x8000_1000L);
  }

  @Test
  void nestedBothStagesApply() {
    nest();
    mapNested(0x40_0000L, 0x8000_6000L);

    assertThat(readNested(0x40_0010L)).isEqualTo(0x8000_6010L);
  }

  @Test
  void nestedAStage2FaultIsTheStage2BanksAndTellsBothAddresses() {
    nest();
    HandTables tables = new HandTables(bench.dram, 0x80c0_0000L);
    tables.map(0x80b0_0000L, 0x40_0000L, 0x5000_0000L); // to where stage 2 has nothing

    assertThat(readNested(0x40_0010L)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(1, Cb.FSR)).isEqualTo(0);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(0x40_0010L);
    assertThat(bench.bank(0, Cb.IPAFAR)).isEqualTo(0x5000_0010L);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1 << 16 | 1); // from bank 1; level 1
    assertThat(bench.gr1(Gr1.CBFRSYNRA, 0)).isEqualTo(STREAM);
  }

  @Test
  void nestedAWalkThatStage2RefusesIsMarkedAsSuch() {
    nest();
    bench.dram.putLong(0x80b0_0000L, 0x5000_0000L | 0b11); // a table where stage 2 has nothing

    assertThat(readNested(0x40_0000L)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1 << 16 | 1 << 3 | 1);
    assertThat(bench.bank(0, Cb.IPAFAR)).isEqualTo(0x5000_0000L);
  }

  @Test
  void nestedAStage1FaultIsTheStage1Banks() {
    nest();

    assertThat(readNested(0x40_0000L)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0);
    assertThat(bench.bank(1, Cb.FSR)).isEqualTo(TRANSLATION_FAULT);
  }

  @Test
  void nestedEachStageForgetsForItself() {
    nest();
    mapNested(0x40_0000L, 0x8000_6000L);
    assertThat(readNested(0x40_0000L)).isEqualTo(0x8000_6000L);
    bench.dram.putLong(ROOT + 8 * 2, 0xc000_0000L | BLOCK); // stage 2 moves: 2 GiB to 3 GiB

    bench.bank(1, Cb.TLBIVA, 0x400L);
    assertThat(readNested(0x40_0000L)).isEqualTo(0x8000_6000L);
    bench.bank(0, Cb.TLBIIPAS2, 0x8_0006L);
    assertThat(readNested(0x40_0000L)).isEqualTo(0xc000_6000L); // stage 1 still knows its half
    bench.bank(1, Cb.TLBIVA, 0x400L);

    assertThat(readNested(0x40_0000L)).isEqualTo(ABORT); // its tables moved to where nothing is
    assertThat(bench.bank(1, Cb.FSR)).isEqualTo(0x410);
  }

  private void mapPage(long pa) {
    bench.dram.putLong(ROOT, TABLE | 0b11);
    bench.dram.putLong(TABLE, 0x8082_0000L | 0b11);
    bench.dram.putLong(0x8082_0000L + 8, pa | PAGE);
  }

  /**
   * Bank 1 does stage 1 with its root at 0x80b00000, bank 0 stage 2 for it: 2 GiB are themselves.
   */
  private void nest() {
    bench.dram.putLong(ROOT + 8 * 2, 0x8000_0000L | BLOCK);
    start(0, 7, 25 | 1 << 6 | TG_4K | PS_40, ROOT);
    bench.start(1, 0x80b0_0000L, 0, SmmuBench.TCR_SPLIT, 0x1167);
    bench.gr1(Gr1.CBAR, 1, NESTED | 7); // CBNDX 0
    bench.route(1, STREAM + 1, 0, 1);
    bench.route(0, STREAM, 0, 1);
  }

  private void mapNested(long iova, long ipa) {
    new HandTables(bench.dram, 0x80c0_0000L).map(0x80b0_0000L, iova, ipa);
  }

  private long readNested(long iova) {
    return bench.translate(STREAM, iova, READ);
  }

  private void start(int bank, int vmid, int vtcr, long root) {
    bench.gr1(Gr1.CBA2R, bank, 1);
    bench.gr1(Gr1.CBAR, bank, vmid);
    bench.bank(bank, Cb.VTCR, 1 << 31 | vtcr);
    bench.bank(bank, Cb.TTBR0, root);
    bench.bank(bank, Cb.SCTLR, SCTLR);
  }

  private long read(long ipa) {
    return bench.translate(STREAM, ipa, READ);
  }

  private int faultOf(long ipa) {
    bench.bank(0, Cb.FSR, -1);
    assertThat(read(ipa)).isEqualTo(ABORT);
    return bench.bank(0, Cb.FSR);
  }
}
