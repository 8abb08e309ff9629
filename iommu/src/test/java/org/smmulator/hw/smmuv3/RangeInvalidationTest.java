package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_NESTED;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Ranges of addresses, and the hints beside them: an entry of another granule or level stays. Arm
 * IHI 0070, 4.4.1.1.
 */
final class RangeInvalidationTest {
  private static final int SID = 5;
  private static final int VMID = 7;
  private static final long IOVA = 0x4000_0000L;
  private static final long OLD = 1L << 32;
  private static final long NEW = 2L << 32;

  private static final long NH_VA = 0x12 | 1L << 48;
  private static final long NH_VAA = 0x13;
  private static final long S2_IPA = 0x2a | (long) VMID << 32;
  private static final long TWO_GRANULES = 1 << 12; // NUM
  private static final long LEAF = 1;
  private static final long TG_4K = 1 << 10;

  private static final int CERROR_ILL = 1;

  @Test
  void aRangeIsNumTimesScaleGranules() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      changePagesAfterUse(bench);

      // NUM 2 is three times 1 << SCALE: 12 pages, from the third on
      bench.command(NH_VA | 2 << 12 | 2 << 20, (IOVA + 0x2000) | TG_4K | LEAF);

      for (int i = 0; i < 16; i++) {
        boolean inside = i >= 2 && i < 14;
        assertThat(page(bench, i)).isEqualTo((inside ? NEW : OLD) + 0x1000L * i);
      }
    }
  }

  @Test
  void aRangeLargerThanTheTlbIsInvalidatedToo() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      changePagesAfterUse(bench);

      bench.command(NH_VA | 31 << 12 | 20 << 20, TG_4K);

      assertThat(page(bench, 0)).isEqualTo(NEW);
      assertThat(page(bench, 15)).isEqualTo(NEW + 0xf000);
    }
  }

  @ParameterizedTest
  @CsvSource({"12,3", "12,2", "12,1", "14,3", "14,2", "16,3", "16,2"})
  void aLeafIsInvalidatedByItsOwnGranuleAndLevelOnly(int shift, int level)
      throws DramUnavailableException {
    for (int tg = 0; tg <= 3; tg++) {
      for (int ttl = 0; ttl <= 3; ttl++) {
        boolean meansAnyLevel = ttl == 0 || (tg == 2 && ttl == 1);
        boolean reaches = tg == 0 || (10 + 2 * tg == shift && (meansAnyLevel || ttl == level));

        long seen = afterCommand(shift, level, TWO_GRANULES, hint(tg, ttl));

        assertWithMessage("TG %s TTL %s", tg, ttl).that(seen).isEqualTo(reaches ? NEW : OLD);
      }
    }
  }

  /** The fields are reserved, and the address is all that there is. */
  @Test
  void hintsAreIgnoredWithoutRanges() throws DramUnavailableException {
    SmmuV3Config config = new SmmuV3Config.Builder().without(Feature.RANGE_INVALIDATION).build();
    try (SmmuV3Bench bench = new SmmuV3Bench(config)) {
      changeAfterUse(bench, 12, 2);

      bench.command(NH_VA, IOVA | hint(3, 0) | LEAF);

      assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(1);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(NEW);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NH_VA, NH_VAA, S2_IPA, 0x22, 0x23})
  void aGranuleOfOneAddressWithoutALevelIsIllegal(long command) throws DramUnavailableException {
    for (int tg = 1; tg <= 3; tg++) {
      try (SmmuV3Bench bench = new SmmuV3Bench()) {
        bench.start();
        bench.command(command, IOVA | hint(tg, 3));
        assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(1);

        bench.command(command, IOVA | hint(tg, 0));

        assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24 | 1);
      }
    }
  }

  /** The level counts as not said, and then the combination is the reserved one. */
  @Test
  void level1OfTablesOf16KibIsIllegalForOneAddress() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      bench.start();

      bench.command(NH_VA, IOVA | hint(2, 1));

      assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24);
    }
  }

  /** The architecture leaves open which addresses it reaches: software must not count on any. */
  @Test
  void anAddressThatIsNotAMultipleOfWhatItsLevelCoversReachesNothing()
      throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      changeAfterUse(bench, 12, 2);

      bench.command(NH_VA | TWO_GRANULES, (IOVA + 0x1000) | hint(1, 2) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);

      bench.command(NH_VA | TWO_GRANULES, IOVA | hint(1, 2) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(NEW);
    }
  }

  @Test
  void aPointerToATableStaysIfItIsBelowTheLevelThatIsSaid() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root = bench.tables.table();
      bench.tables.map(root, 0, IOVA, OLD);
      bench.stage1(SID, root, 1, 0);
      bench.start();
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);
      long other = bench.tables.table();
      bench.dram.putLong(other, NEW | HandTables.PAGE);
      bench.dram.putLong(bench.tables.entry(root, 0, IOVA, 2), other | 3);

      bench.command(NH_VA | TWO_GRANULES, IOVA | hint(1, 2));
      bench.command(NH_VA | TWO_GRANULES, IOVA | hint(3, 0)); // another granule
      bench.command(NH_VA | TWO_GRANULES, IOVA | hint(1, 3) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);

      bench.command(NH_VA | TWO_GRANULES, IOVA | hint(1, 3));
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(NEW);
    }
  }

  /** The level is that of software's descriptor, whatever stage 2 made of it. */
  @Test
  void aBlockThatStage2CutsSmallerIsStillABlock() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root2 = bench.tables.tables(2);
      for (long pa = 0x8000_0000L; pa < 0x8100_0000L; pa += 0x1000) {
        bench.tables.put(root2, 1, pa, 3, pa | HandTables.PAGE2);
      }
      long root = bench.tables.table();
      bench.tables.put(root, 0, IOVA, 2, 0x8020_0000L | HandTables.BLOCK);
      bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root);
      bench.ste(SID, STE_NESTED | CONTEXTS, 0, S2_40_4K | VMID, root2);
      bench.start();
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(0x8020_0000L);
      bench.tables.put(root, 0, IOVA, 2, 0x8040_0000L | HandTables.BLOCK);
      long nhVa = NH_VA | (long) VMID << 32 | TWO_GRANULES;

      bench.command(nhVa, IOVA | hint(1, 3) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(0x8020_0000L);

      bench.command(nhVa, IOVA | hint(1, 2) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(0x8040_0000L);
    }
  }

  @Test
  void anIpaIsHintedAtLikewise() throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      long root2 = bench.tables.tables(2);
      bench.tables.put(root2, 1, IOVA, 3, OLD | HandTables.PAGE2);
      bench.ste(SID, STE_S2, 0, S2_40_4K | VMID, root2);
      bench.start();
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);
      bench.tables.put(root2, 1, IOVA, 3, NEW | HandTables.PAGE2);

      bench.command(S2_IPA | TWO_GRANULES, IOVA | hint(1, 2) | LEAF);
      bench.command(S2_IPA | TWO_GRANULES, IOVA | hint(2, 3) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);

      bench.command(S2_IPA | TWO_GRANULES, IOVA | hint(1, 3) | LEAF);
      assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(NEW);
    }
  }

  /** The page that a leaf which was in use and has changed leads to after a command. */
  private static long afterCommand(int shift, int level, long word0, long hint)
      throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      changeAfterUse(bench, shift, level);
      bench.command(NH_VA | word0, IOVA | hint | LEAF);
      return bench.translate(SID, IOVA, READ);
    }
  }

  /** Has the leaf of {@code IOVA} cached, and changes it in memory. */
  private static void changeAfterUse(SmmuV3Bench bench, int shift, int level) {
    HandTables tables = new HandTables(bench.dram, shift, SmmuV3Bench.TABLES);
    long root = tables.table();
    int start = shift == 16 ? 1 : 0; // of 48 bits
    long kind = level == 3 ? HandTables.PAGE : HandTables.BLOCK;
    tables.put(root, start, IOVA, level, OLD | kind);
    bench.stage1(SID, root, 1, tg0(shift) << 6);
    bench.start();
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OLD);
    tables.put(root, start, IOVA, level, NEW | kind);
  }

  /** Has 16 pages cached, and changes them in memory. */
  private static void changePagesAfterUse(SmmuV3Bench bench) {
    long root = bench.tables.table();
    bench.stage1(SID, root, 1, 0);
    bench.start();
    for (int i = 0; i < 16; i++) {
      bench.tables.map(root, 0, IOVA + 0x1000L * i, OLD + 0x1000L * i);
      assertThat(page(bench, i)).isEqualTo(OLD + 0x1000L * i);
      bench.tables.map(root, 0, IOVA + 0x1000L * i, NEW + 0x1000L * i);
    }
  }

  private static long page(SmmuV3Bench bench, int i) {
    return bench.translate(SID, IOVA + 0x1000L * i, READ);
  }

  private static long hint(long tg, long ttl) {
    return tg << 10 | ttl << 8;
  }

  private static long tg0(int shift) {
    return switch (shift) {
      case 14 -> 2;
      case 16 -> 1;
      default -> 0;
    };
  }
}
