package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_BYPASS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STREAMS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * What leads to a leaf is remembered too, until it is invalidated by more than a leaf's command.
 */
final class WalkCacheTest {
  private static final int SID = 5;
  private static final long IOVA = 0x4000_1000L;
  private static final long NEIGHBOUR = 0x4000_2000L;
  private static final long OLD = 0x8050_0000L;
  private static final long NEW = 0x8060_0000L;

  private static final long CFGI_STE = 0x03;
  private static final long CFGI_ALL = 0x04;
  private static final long CFGI_CD = 0x05;
  private static final long CFGI_CD_ALL = 0x06;
  private static final long NH_ALL = 0x10;
  private static final long NH_ASID = 0x11;
  private static final long NH_VA = 0x12;
  private static final long NH_VAA = 0x13;
  private static final long S12_VMALL = 0x28;
  private static final long S2_IPA = 0x2a;
  private static final long NSNH_ALL = 0x30;
  private static final long LEAF = 1;
  private static final long ASID_1 = 1L << 48;
  private static final long ASID_2 = 2L << 48;
  private static final long VMID_7 = 7L << 32;
  private static final long FMT_64K = 2L << 4;

  private SmmuV3Bench bench = new SmmuV3Bench();
  private long root;

  WalkCacheTest() throws DramUnavailableException {
    prepare();
  }

  private void prepare() {
    root = bench.tables.table();
    bench.tables.map(root, 0, IOVA, OLD);
    bench.tables.map(root, 0, NEIGHBOUR, OLD + 0x1000);
    bench.stage1(SID, root, 1, 0);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  // ---- tables

  @Test
  void aCommandForALeafLeavesTheTableThatWasReplaced() {
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.command(NH_VA | ASID_1, IOVA | LEAF);

    assertThat(read(IOVA)).isEqualTo(OLD);
    assertThat(read(NEIGHBOUR)).isEqualTo(OLD + 0x1000);
  }

  @Test
  void everyOtherForgetsTheTablesOnTheWayToo() {
    bench.start();
    long[][] commands = {
      {NH_VA | ASID_1, IOVA},
      {NH_VAA, IOVA},
      {NH_VA | ASID_1 | 2L << 20, (IOVA & -0x8000) | 1 << 10 | 3 << 8}, // four pages, TTL 3
      {NH_ASID | ASID_1, 0},
      {NH_ALL, 0},
      {NSNH_ALL, 0},
    };
    for (long[] command : commands) {
      bench.command(NSNH_ALL, 0);
      bench.tables.put(root, 0, IOVA, 2, table(OLD));
      assertThat(read(IOVA)).isEqualTo(OLD);
      bench.tables.put(root, 0, IOVA, 2, table(NEW));

      bench.command(command[0], command[1]);

      assertThat(read(IOVA)).isEqualTo(NEW);
    }
  }

  @Test
  void anotherAddressAnotherAsidAndAnotherMachineLeaveThem() {
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.command(NH_VA | ASID_1, IOVA + 0x20_0000); // under the next table
    bench.command(NH_VA | ASID_2, IOVA);
    bench.command(NH_ASID | ASID_2, 0);
    bench.command(NH_ALL | VMID_7, 0);
    bench.command(S2_IPA, IOVA);
    bench.command(NH_VA | ASID_1, IOVA | LEAF);

    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  @Test
  void stageTwoHasItsOwnTables() {
    long root2 = bench.tables.tables(2);
    bench.tables.put(root2, 1, IOVA, 3, OLD | HandTables.PAGE2);
    bench.ste(SID, STE_S2, 0, S2_40_4K | 7, root2);
    bench.start();
    for (long[] command : new long[][] {{S2_IPA | VMID_7, IOVA}, {S12_VMALL | VMID_7, 0}}) {
      bench.command(NSNH_ALL, 0);
      bench.tables.put(root2, 1, IOVA, 2, table2(OLD));
      assertThat(read(IOVA)).isEqualTo(OLD);
      bench.tables.put(root2, 1, IOVA, 2, table2(NEW));

      bench.command(S2_IPA | VMID_7, IOVA | LEAF);
      assertThat(read(IOVA)).isEqualTo(OLD);
      bench.command(command[0], command[1]);
      assertThat(read(IOVA)).isEqualTo(NEW);
    }
  }

  @Test
  void whatIsNotThereIsNotRemembered() {
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);
    assertThat(read(IOVA + 0x20_0000)).isEqualTo(ABORT);

    bench.tables.map(root, 0, IOVA + 0x20_0000, NEW);

    assertThat(read(IOVA + 0x20_0000)).isEqualTo(NEW);
  }

  @Test
  void rightsThatAHigherTableTakesAwayStayTakenAway() {
    long higher = bench.tables.entry(root, 0, IOVA, 1);
    bench.dram.putLong(higher, bench.dram.getLong(higher) | 1L << 62);
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.command(NH_VA | ASID_1, IOVA | LEAF); // the next walk starts at the last table

    assertThat(bench.translate(SID, IOVA, WRITE)).isEqualTo(ABORT);
    assertThat(bench.event(0, 0) & 0xff).isEqualTo(0x13);
  }

  @Test
  void aWalkThatStartsLowerReadsLess() {
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);
    long before = bench.time.nowNs();

    assertThat(read(NEIGHBOUR)).isEqualTo(OLD + 0x1000);

    assertThat(bench.time.nowNs() - before).isAtMost(20);
  }

  @Test
  void withoutAWalkCacheEveryWalkStartsAtTheRoot() throws DramUnavailableException {
    bench.close();
    bench = new SmmuV3Bench(new SmmuV3Config.Builder().tlb(Tlb.UNBOUNDED, Tlb.NONE).build());
    prepare();
    bench.start();
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.command(NH_VA | ASID_1, IOVA | LEAF);

    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  // ---- first levels of the configuration

  @Test
  void aFirstLevelOfStreamsOutlivesTheCommandForALeaf() {
    long first = CONTEXTS + 0x1_0000;
    long second = CONTEXTS + 0x2_0000;
    bench.put(STREAMS, first | 9);
    bench.put(first + 64 * 0x12, STE_BYPASS);
    bench.write(SmmuV3Regs.STRTAB_BASE, STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 10);
    bench.start(SmmuV3Bench.ALL_ON);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);

    bench.put(STREAMS, second | 9); // there is no valid entry
    bench.command(CFGI_STE | 0x12L << 32, LEAF);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);
    bench.command(CFGI_STE | 0x112L << 32, 0); // under another first level
    bench.command(CFGI_STE | 0x12L << 32, LEAF);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);
    bench.command(CFGI_STE | 0x12L << 32, 0);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(ABORT);

    bench.put(STREAMS, first | 9);
    bench.command(CFGI_ALL, 31);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);
  }

  @Test
  void aFirstLevelOfStreamsThatLeadsNowhereIsNotRemembered() {
    bench.write(SmmuV3Regs.STRTAB_BASE, STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 10);
    bench.start(SmmuV3Bench.ALL_ON);
    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(ABORT);

    bench.put(CONTEXTS + 0x1_0000 + 64 * 0x12, STE_BYPASS);
    bench.put(STREAMS, (CONTEXTS + 0x1_0000) | 9);

    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);
  }

  @Test
  void aFirstLevelOfContextsIsRememberedEvenIfItLeadsNowhere() {
    long second = CONTEXTS + 0x1_0000;
    bench.cd(second + 64 * 7, CD_48_4K | ASID_1, root);
    bench.ste(SID, STE_S1 | CONTEXTS | FMT_64K | 16L << 59, 2);
    bench.start();
    long[][] commands = {
      {CFGI_CD | 0x407 << 12 | (long) SID << 32, 0},
      {CFGI_CD_ALL | (long) SID << 32, 0},
      {CFGI_STE | (long) SID << 32, LEAF},
      {CFGI_ALL, 31},
    };
    for (long[] command : commands) {
      bench.put(CONTEXTS, 0, 0);
      bench.command(CFGI_ALL, 31);
      assertThat(bench.translate(SID, 0x407, IOVA, READ)).isEqualTo(ABORT);
      bench.put(CONTEXTS, 0, second | 1);

      bench.command(CFGI_CD | 0x407 << 12 | (long) SID << 32, LEAF);
      bench.command(CFGI_CD | 0x7 << 12 | (long) SID << 32, 0); // under another first level
      bench.command(CFGI_CD | 0x407 << 12 | (long) (SID + 1) << 32, 0);
      assertThat(bench.translate(SID, 0x407, IOVA, READ)).isEqualTo(ABORT);

      bench.command(command[0], command[1]);
      assertThat(bench.translate(SID, 0x407, IOVA, READ)).isEqualTo(OLD);
    }
  }

  /** The last table of the way to IOVA is another, and in it IOVA leads elsewhere. */
  private void replaceLastTable() {
    bench.tables.put(root, 0, IOVA, 2, table(NEW));
  }

  private long table(long pa) {
    long made = bench.tables.table();
    bench.dram.putLong(made + 8 * (IOVA >> 12 & 0x1ff), pa | HandTables.PAGE);
    return made | 0b11;
  }

  private long table2(long pa) {
    long made = bench.tables.table();
    bench.dram.putLong(made + 8 * (IOVA >> 12 & 0x1ff), pa | HandTables.PAGE2);
    return made | 0b11;
  }

  private long read(long iova) {
    return bench.translate(SID, iova, READ);
  }
}
