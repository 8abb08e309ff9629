package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_NESTED;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.Tables.Updates;

/** Where addresses lead through either stage and both, with every granule, and who may go there. */
final class TranslationTest {
  private static final int SID = 5;
  private static final long PA = 0x8050_0000L;
  private static final long FETCH = READ | INSTRUCTION;

  private static final long EPD0 = 1L << 14;
  private static final long EPD1 = 1L << 30;
  private static final long TBI0 = 1L << 38;
  private static final long HD = 1L << 42;
  private static final long HA = 1L << 43;

  /** Stage 2: T0SZ 24 (40 bits), SL0 1 (level 1), 4 KiB, PS 40; two tables in a row. */
  private static final int START = 1;

  @Test
  void everyGranuleIsWalkedAsItsContextSays() throws DramUnavailableException {
    int[] shifts = {12, 14, 16};
    long[] tg0 = {0, 2, 1};
    int[] startLevels = {0, 0, 1}; // of 48 bits
    for (int i = 0; i < shifts.length; i++) {
      try (SmmuV3Bench bench = new SmmuV3Bench()) {
        HandTables tables = new HandTables(bench.dram, shifts[i], SmmuV3Bench.TABLES);
        long root = tables.table();
        long iova = 0x0000_9234_5678_0000L & -(1L << shifts[i]);
        tables.map(root, startLevels[i], iova, PA);
        bench.stage1(SID, root, 1, tg0[i] << 6);
        bench.start();

        assertThat(bench.translate(SID, iova + 0xfff, READ)).isEqualTo(PA + 0xfff);
        assertThat(bench.translate(SID, iova + (1L << shifts[i]), READ)).isEqualTo(ABORT);
      }
    }
  }

  @Test
  void aBlockCoversWhatItsLevelCovers() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root = bench.tables.table();
      bench.tables.put(root, 0, 0x4020_0000L, 2, 0x8040_0000L | HandTables.BLOCK);
      bench.tables.put(root, 0, 0x8000_0000L, 1, 0x8000_0000L | HandTables.BLOCK);
      bench.stage1(SID, root, 1, 0);
      bench.start();

      assertThat(bench.translate(SID, 0x403f_ffffL, READ)).isEqualTo(0x805f_ffffL);
      assertThat(bench.translate(SID, 0xbfff_fff0L, READ)).isEqualTo(0xbfff_fff0L);
    }
  }

  @Test
  void theUpperHalfHasTablesOfItsOwnUnlessItIsTurnedOff() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long lower = bench.tables.table();
      long upper = bench.tables.table();
      bench.tables.map(lower, 0, 0x1000, PA);
      bench.tables.map(upper, 0, 0x1000, PA + 0x1000);
      long both = (CD_48_4K & ~EPD1) | 16 << 16 | 2 << 22; // T1SZ, TG1
      bench.cd(CONTEXTS, both, lower, upper);
      bench.cd(CONTEXTS + 64, both | EPD0, lower, upper);
      bench.ste(SID, STE_S1 | CONTEXTS);
      bench.ste(SID + 1, STE_S1 | (CONTEXTS + 64));
      bench.stage1(SID + 2, lower, 1, 0);
      bench.start();

      assertThat(bench.translate(SID, 0x1000, READ)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0xffff_0000_0000_1000L, READ)).isEqualTo(PA + 0x1000);
      assertThat(bench.translate(SID, 0x0001_0000_0000_1000L, READ)).isEqualTo(ABORT); // the hole

      bench.command(0x30, 0); // forget translations: these contexts share an ASID
      assertThat(bench.translate(SID + 1, 0x1000, READ)).isEqualTo(ABORT);
      assertThat(bench.translate(SID + 1, 0xffff_0000_0000_1000L, READ)).isEqualTo(PA + 0x1000);
      assertThat(bench.translate(SID + 2, 0xffff_0000_0000_1000L, READ)).isEqualTo(ABORT);
    }
  }

  @Test
  void aTopByteIsIgnoredWhereTheContextSaysSo() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root = bench.tables.table();
      bench.tables.map(root, 0, 0x1000, PA);
      bench.stage1(SID, root, 1, TBI0);
      bench.stage1(SID + 1, root, 2, 0);
      bench.start();

      assertThat(bench.translate(SID, 0xab00_0000_0000_1000L, READ)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0xab00_0000_0000_1004L, READ)).isEqualTo(PA + 4);
      assertThat(bench.translate(SID + 1, 0x2b00_0000_0000_1000L, READ)).isEqualTo(ABORT);
    }
  }

  @Test
  void stage1GrantsByPrivilegeAndKindOfAccess() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root = bench.tables.table();
      long page = HandTables.PAGE;
      bench.tables.put(root, 0, 0x1000, 3, PA | page | HandTables.READ_ONLY);
      bench.tables.put(root, 0, 0x2000, 3, PA | (page & ~HandTables.UNPRIVILEGED));
      bench.tables.put(root, 0, 0x3000, 3, PA | page | HandTables.UXN);
      bench.stage1(SID, root, 1, 0);
      bench.start();

      assertThat(bench.translate(SID, 0x1000, READ)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0x1000, WRITE)).isEqualTo(ABORT);
      assertThat(bench.translate(SID, 0x2000, READ)).isEqualTo(ABORT);
      assertThat(bench.translate(SID, 0x2000, WRITE | PRIVILEGED)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0x3000, READ)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0x3000, (int) FETCH)).isEqualTo(ABORT);
      // what unprivileged code can write, privileged code never executes
      assertThat(bench.translate(SID, 0x3000, (int) FETCH | PRIVILEGED)).isEqualTo(ABORT);
    }
  }

  @Test
  void stage2AloneTranslatesWithTablesInARow() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root = bench.tables.tables(2);
      long high = 0x80_4000_1000L; // bit 39: in the second of the two tables
      bench.tables.put(root, START, high, 3, PA | HandTables.PAGE2);
      bench.tables.put(root, START, 0x5000, 3, PA | HandTables.PAGE2_READ_ONLY);
      bench.ste(SID, STE_S2, 0, S2_40_4K | 7, root);
      bench.start();

      assertThat(bench.translate(SID, high + 8, WRITE)).isEqualTo(PA + 8);
      assertThat(bench.translate(SID, 0x5000, READ)).isEqualTo(PA);
      assertThat(bench.translate(SID, 0x5000, WRITE)).isEqualTo(ABORT);
      assertThat(bench.translate(SID, 1L << 40, READ)).isEqualTo(ABORT);
    }
  }

  @Test
  void nestedTablesAndContextsAreThemselvesAtIpas() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      // IPA = PA - 0x8000_0000 for everything; only the page at IPA 0x70_0000 goes elsewhere
      long root2 = bench.tables.tables(2);
      for (long ipa = 0; ipa < 16 << 20; ipa += 0x1000) {
        bench.tables.put(root2, START, ipa, 3, (0x8000_0000L + ipa) | HandTables.PAGE2);
      }
      bench.tables.put(root2, START, 0x70_0000, 3, PA | HandTables.PAGE2_READ_ONLY);
      long root1 = 0x8078_0000L;
      long[] chain = {root1, root1 + 0x1000, root1 + 0x2000, root1 + 0x3000};
      for (int level = 0; level < 3; level++) {
        bench.dram.putLong(chain[level], (chain[level + 1] - 0x8000_0000L) | 3);
      }
      bench.dram.putLong(chain[3] + 8, 0x70_0000L | HandTables.PAGE);
      bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root1 - 0x8000_0000L);
      bench.ste(SID, STE_NESTED | (CONTEXTS - 0x8000_0000L), 0, S2_40_4K | 7, root2);
      bench.start();

      assertThat(bench.translate(SID, 0x1004, READ)).isEqualTo(PA + 4);
      assertThat(bench.translate(SID, 0x1004, WRITE)).isEqualTo(ABORT); // stage 2 grants no write
    }
  }

  @Test
  void anAccessFlagIsSetWhereHardwareMay() throws DramUnavailableException {
    try (SmmuV3Bench bench = updating()) {
      long root = bench.tables.table();
      bench.tables.put(root, 0, 0x1000, 3, PA | (HandTables.PAGE & ~HandTables.ACCESSED));
      bench.stage1(SID, root, 1, HA);
      bench.stage1(SID + 1, root, 2, 0);
      bench.start();

      assertThat(bench.translate(SID + 1, 0x1000, READ)).isEqualTo(ABORT);
      assertThat(bench.translate(SID, 0x1000, READ)).isEqualTo(PA);

      long at = bench.tables.entry(root, 0, 0x1000, 3);
      assertThat(bench.dram.getLong(at)).isEqualTo(PA | HandTables.PAGE);
    }
  }

  @Test
  void aWatchedPageBecomesDirtyByTheFirstWriteAndNotByReads() throws DramUnavailableException {
    try (SmmuV3Bench bench = updating()) {
      long root = bench.tables.table();
      long watched = PA | HandTables.PAGE | HandTables.DBM | HandTables.READ_ONLY;
      bench.tables.put(root, 0, 0x1000, 3, watched);
      bench.tables.put(root, 0, 0x2000, 3, watched & ~HandTables.UNPRIVILEGED);
      long at = bench.tables.entry(root, 0, 0x1000, 3);
      bench.stage1(SID, root, 1, HA | HD);
      bench.start();

      assertThat(bench.translate(SID, 0x1000, READ)).isEqualTo(PA);
      assertThat(bench.dram.getLong(at)).isEqualTo(watched);
      assertThat(bench.translate(SID, 0x1000, WRITE)).isEqualTo(PA);
      assertThat(bench.dram.getLong(at)).isEqualTo(watched & ~HandTables.READ_ONLY);

      // software cleans the page and forgets to invalidate: the next write leaves no mark
      bench.dram.putLong(at, watched);
      assertThat(bench.translate(SID, 0x1000, WRITE)).isEqualTo(PA);
      assertThat(bench.dram.getLong(at)).isEqualTo(watched);

      assertThat(bench.translate(SID, 0x2000, WRITE)).isEqualTo(ABORT); // no right, no mark
      assertThat(bench.dram.getLong(at + 8)).isEqualTo(watched & ~HandTables.UNPRIVILEGED);
    }
  }

  private static SmmuV3Bench updating() throws DramUnavailableException {
    return new SmmuV3Bench(
        new SmmuV3Config.Builder().updates(Updates.ACCESS_FLAG_AND_DIRTY).build());
  }
}
