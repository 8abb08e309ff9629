package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.EPD0;
import static org.smmulator.hw.smmuv2.SmmuBench.EPD1;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;
import static org.smmulator.hw.vmsa.HandTables.BLOCK;
import static org.smmulator.hw.vmsa.HandTables.PAGE;
import static org.smmulator.hw.vmsa.HandTables.READ_ONLY;
import static org.smmulator.hw.vmsa.HandTables.UNPRIVILEGED;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/** Which table an address is walked in, and what the walker makes of descriptors. */
class SplitTablesTest {
  private static final int STREAM = 5;
  private static final long LOWEST = 0x0000_0000_0000_0000L;
  private static final long LAST_LOWER = 0x0000_ffff_ffff_f000L;
  private static final long FIRST_UPPER = 0xffff_0000_0000_0000L;
  private static final long HIGHEST = 0xffff_ffff_ffff_f000L;

  private static final int TRANSLATION_FAULT = 0x402;
  private static final int ADDRESS_SIZE_FAULT = 0x480;

  /** PAR: F, and PF where FSR has it. */
  private static final long PAR_PERMISSION = 0x9;

  private final SmmuBench bench;
  private final HandTables tables;
  private final long lower;
  private final long upper;

  SplitTablesTest() throws DramUnavailableException {
    bench = new SmmuBench();
    tables = bench.tables();
    lower = tables.table();
    upper = tables.table();
    bench.enable();
    bench.route(0, STREAM, 0, 0);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theTopSixteenBitsChooseTheTable() {
    tables.map(lower, LOWEST, 0x8000_1000L);
    tables.map(lower, LAST_LOWER, 0x8000_2000L);
    tables.map(upper, FIRST_UPPER, 0x8000_3000L);
    tables.map(upper, HIGHEST, 0x8000_4000L);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(read(LOWEST + 0xabc)).isEqualTo(0x8000_1abcL);
    assertThat(read(LAST_LOWER + 0xfff)).isEqualTo(0x8000_2fffL);
    assertThat(read(FIRST_UPPER)).isEqualTo(0x8000_3000L);
    assertThat(read(HIGHEST + 0xfff)).isEqualTo(0x8000_4fffL);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0);
  }

  @Test
  void aMasterOf49BitsReachesTheUpperHalfThroughBit48() {
    tables.map(upper, 0xffff_0000_0000_1000L, 0x8000_3000L);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(read(0x0001_0000_0000_1008L)).isEqualTo(0x8000_3008L);
  }

  @Test
  void theHoleBetweenTheHalvesIsATranslationFault() {
    // T0SZ 25 and T1SZ 25: 39 bits each, walked from level 1.
    bench.start(0, lower, upper, 0x8019_0019, SCTLR);

    assertThat(faultOf(0x0000_0080_0000_0000L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(faultOf(0xffff_ff7f_ffff_f000L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(levelOfFault(0xffff_ff7f_ffff_f000L)).isEqualTo(0);
  }

  @Test
  void thirtyNineBitsAreWalkedFromLevelOne() {
    // The hand tables have four levels; level 1 of theirs is the root of a 39-bit walk.
    tables.map(lower, 0x7f_ffff_f000L, 0x8000_1000L);
    tables.map(upper, 0xffff_ff80_0000_0000L, 0x8000_2000L);
    long lowerLevel1 = tables.entry(lower, 0, 1) & -4096L;
    long upperLevel1 = tables.entry(upper, 0xffff_ff80_0000_0000L, 1) & -4096L;
    bench.start(0, lowerLevel1, upperLevel1, 0x8019_0019, SCTLR);

    assertThat(read(0x7f_ffff_f010L)).isEqualTo(0x8000_1010L);
    assertThat(read(0xffff_ff80_0000_0010L)).isEqualTo(0x8000_2010L);
  }

  @Test
  void aHalfThatIsSwitchedOffFaultsAndTheOtherWorks() {
    tables.map(lower, 0x1000, 0x8000_1000L);
    tables.map(upper, FIRST_UPPER, 0x8000_3000L);

    bench.start(0, lower, upper, TCR_SPLIT | EPD0, SCTLR);
    assertThat(faultOf(0x1000)).isEqualTo(TRANSLATION_FAULT);
    assertThat(read(FIRST_UPPER)).isEqualTo(0x8000_3000L);

    bench.start(1, lower, upper, TCR_SPLIT | EPD1, SCTLR);
    bench.route(0, STREAM, 0, 1);
    assertThat(read(0x1000)).isEqualTo(0x8000_1000L);
    assertThat(read(FIRST_UPPER)).isEqualTo(ABORT);
  }

  @Test
  void anSmmuWithoutSplitTablesHasNoUpperHalf() throws DramUnavailableException {
    SmmuV2Config.Stage1 unsplit =
        new SmmuV2Config.Stage1(49, 40, SmmuV2Config.Stage1.GRANULE_4K, ADDRESS_OPS, COHERENT_WALK);
    SmmuV2Config config =
        new SmmuV2Config(SmmuBench.STREAMS, SmmuBench.BANKS, unsplit, SmmuBench.TLB);
    try (SmmuBench old = new SmmuBench(config)) {
      HandTables oldTables = old.tables();
      long root = oldTables.table();
      oldTables.map(root, FIRST_UPPER, 0x8000_3000L);
      old.enable();
      old.route(0, STREAM, 0, 0);
      old.start(0, root, root, TCR_SPLIT, SCTLR);

      assertThat(old.translate(STREAM, FIRST_UPPER, READ)).isEqualTo(ABORT);
      assertThat(old.bank(0, Cb.FSR)).isEqualTo(TRANSLATION_FAULT);
    }
  }

  @Test
  void blocksCoverTwoMebibytesAndAGibibyte() {
    tables.put(lower, 0x20_0000, 2, 0x8020_0000L | BLOCK);
    tables.put(lower, 0x4000_0000L, 1, 0xc000_0000L | BLOCK);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(read(0x3f_fff8)).isEqualTo(0x803f_fff8L);
    assertThat(read(0x7654_3210L)).isEqualTo(0xf654_3210L);
  }

  @Test
  void aDescriptorThatIsNoneFaultsAtItsLevel() {
    tables.put(lower, 0x0000_0080_0000_0000L, 0, 0x8000_0000L | BLOCK); // no blocks at level 0
    tables.put(lower, 0x4000_0000L, 1, 0);
    tables.put(lower, 0x20_0000, 2, 0);
    tables.put(lower, 0x1000, 3, 0x8000_0000L | BLOCK); // bit 1 must be set at level 3
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(levelOfFault(0x0000_0080_0000_0000L)).isEqualTo(0);
    assertThat(levelOfFault(0x4000_0000L)).isEqualTo(1);
    assertThat(levelOfFault(0x20_0000)).isEqualTo(2);
    assertThat(levelOfFault(0x1000)).isEqualTo(3);
  }

  @Test
  void anOutputAddressWiderThanPasizeIsAnAddressSizeFault() {
    tables.put(lower, 0x1000, 3, 1L << 40 | PAGE);
    tables.put(lower, 0x20_0000, 2, 1L << 41 | 0b11);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(faultOf(0x1000)).isEqualTo(ADDRESS_SIZE_FAULT);
    assertThat(faultOf(0x20_0000)).isEqualTo(ADDRESS_SIZE_FAULT);
    assertThat(levelOfFault(0x20_0000)).isEqualTo(2);
  }

  @Test
  void aTableWhereNoMemoryIsAbortsTheWalk() {
    tables.put(lower, 0x20_0000, 2, 0x1000_0000L | 0b11);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(faultOf(0x20_0000)).isEqualTo(0x410);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x400 | 3); // PTWF, level 3
  }

  @Test
  void aBankSetUpForOtherTablesFaults() {
    tables.map(lower, 0x1000, 0x8000_1000L);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);
    bench.gr1(Gr1.CBA2R, 0, 0); // AArch32 tables, which the ID registers deny; TCR.EAE is set

    assertThat(faultOf(0x1000)).isEqualTo(0x202);
  }

  @Test
  void otherGranulesAreWalkedWhereTheSiliconHasThem() throws DramUnavailableException {
    int all =
        SmmuV2Config.Stage1.GRANULE_4K
            | SmmuV2Config.Stage1.GRANULE_16K
            | SmmuV2Config.Stage1.GRANULE_64K;
    SmmuV2Config config =
        new SmmuV2Config(
            SmmuBench.STREAMS,
            SmmuBench.BANKS,
            new SmmuV2Config.Stage1(49, 40, all, SPLIT_TABLES, ADDRESS_OPS, COHERENT_WALK),
            SmmuBench.TLB);
    try (SmmuBench wide = new SmmuBench(config)) {
      wide.enable();
      wide.route(0, STREAM, 0, 0);
      // 64 KiB, 42 bits: two levels of 13 bits. Level 2 at 0x80800000, level 3 at 0x80810000.
      wide.dram.putLong(0x8080_0000L + 8 * 1, 0x8081_0000L | 0b11);
      wide.dram.putLong(0x8081_0000L + 8 * 2, 0x8002_0000L | PAGE);
      wide.start(0, 0x8080_0000L, 0, 0x8010_4016, SCTLR);
      assertThat(wide.translate(STREAM, 0x2002_1234L, READ)).isEqualTo(0x8002_1234L);
      // 16 KiB, 47 bits: three levels of 11 bits. Levels 1, 2, 3.
      wide.dram.putLong(0x8090_0000L + 8 * 0, 0x8090_4000L | 0b11);
      wide.dram.putLong(0x8090_4000L + 8 * 1, 0x8090_8000L | 0b11);
      wide.dram.putLong(0x8090_8000L + 8 * 3, 0x8000_4000L | PAGE);
      wide.start(1, 0x8090_0000L, 0, 0x8010_8011, SCTLR);
      wide.route(0, STREAM, 0, 1);
      assertThat(wide.translate(STREAM, 0x200_c123L, READ)).isEqualTo(0x8000_4123L);
    }
  }

  @Test
  void softwareCanAskWhereAnAddressLeads() {
    tables.map(lower, 0x1000, 0x8000_7000L);
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    bench.bank(0, Cb.ATS1PR, 0x1000L);
    assertThat(bench.bank(0, Cb.ATSR)).isEqualTo(1); // a walk of 80 ns
    assertThat(bench.bank(0, Cb.ATSR)).isEqualTo(0);
    assertThat(bench.bank(0, Cb.PAR)).isEqualTo(0x8000_7000L);

    bench.bank(0, Cb.ATS1PR, 0x2000L);
    assertThat(bench.bank(0, Cb.PAR) & 1).isEqualTo(1);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0);
  }

  @Test
  void softwareCanAskOnBehalfOfAnyone() {
    tables.put(lower, 0x1000, 3, 0x8000_7000L | PAGE | READ_ONLY);
    tables.put(lower, 0x2000, 3, 0x8000_8000L | (PAGE & ~UNPRIVILEGED));
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR);

    assertThat(par(Cb.ATS1PR, 0x1000)).isEqualTo(0x8000_7000L);
    assertThat(par(Cb.ATS1UR, 0x1000)).isEqualTo(0x8000_7000L);
    assertThat(par(Cb.ATS1PW, 0x1000)).isEqualTo(PAR_PERMISSION);
    assertThat(par(Cb.ATS1UW, 0x1000)).isEqualTo(PAR_PERMISSION);
    assertThat(par(Cb.ATS1PW, 0x2000)).isEqualTo(0x8000_8000L);
    assertThat(par(Cb.ATS1UR, 0x2000)).isEqualTo(PAR_PERMISSION);
  }

  @Test
  void anAddressIsItsOwnWhileNothingIsTranslated() {
    bench.start(0, lower, upper, TCR_SPLIT, SCTLR & ~1);

    assertThat(par(Cb.ATS1PR, 0x1_2345_6000L)).isEqualTo(0x1_2345_6000L);
    assertThat(bench.bank(0, Cb.ATSR)).isEqualTo(0);
  }

  /** As arm-smmu does in a kernel of 32 bits, whose accessors write the high half first. */
  @Test
  void aBaseAndAnAddressAreWrittenByHalvesInEitherOrder() {
    tables.map(lower, 0x1_0000_1000L, 0x8000_7000L);
    bench.start(0, 0, upper, TCR_SPLIT, SCTLR);
    bench.halves(0, Cb.TTBR0, lower);
    assertThat(read(0x1_0000_1000L)).isEqualTo(0x8000_7000L);
    bench.halves(0, Cb.ATS1PR, 0x1_0000_1000L);
    assertThat(bench.bank(0, Cb.PAR)).isEqualTo(0x8000_7000L);

    tables.map(lower, 0x1_0000_1000L, 0x8000_8000L);
    bench.halves(0, Cb.TLBIVA, 0x1_0000_1000L >> 12);
    assertThat(read(0x1_0000_1000L)).isEqualTo(0x8000_8000L);
  }

  private long par(Reg64 op, long iova) {
    bench.bank(0, op, iova);
    return bench.bank(0, Cb.PAR);
  }

  private long read(long iova) {
    return bench.translate(STREAM, iova, READ);
  }

  private int faultOf(long iova) {
    bench.bank(0, Cb.FSR, -1);
    assertThat(read(iova)).isEqualTo(ABORT);
    return bench.bank(0, Cb.FSR);
  }

  private int levelOfFault(long iova) {
    int _ = faultOf(iova);
    return bench.bank(0, Cb.FSYNR0) & 3;
  }
}
