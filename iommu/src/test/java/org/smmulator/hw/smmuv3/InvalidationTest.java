package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_NESTED;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** What each TLB command makes the SMMU forget, and what it leaves. */
final class InvalidationTest {
  private static final int SID = 5;
  private static final int ASID = 0x1001;
  private static final int OTHER_ASID = 0x1002;
  private static final int VMID = 7;
  private static final long IOVA = 0x40_0000;
  private static final long OLD = 0x8050_0000L;
  private static final long NEW = 0x8060_0000L;

  private static final long NH_ALL = 0x10;
  private static final long NH_ASID = 0x11;
  private static final long NH_VA = 0x12;
  private static final long NH_VAA = 0x13;
  private static final long EL2_ALL = 0x20;
  private static final long EL2_ASID = 0x21;
  private static final long EL2_VA = 0x22;
  private static final long EL2_VAA = 0x23;
  private static final long S12_VMALL = 0x28;
  private static final long S2_IPA = 0x2a;
  private static final long NSNH_ALL = 0x30;

  private static final long STRW_EL2 = 2L << 30;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();

  InvalidationTest() throws DramUnavailableException {}

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aChangedTableIsStaleUntilItsAddressIsInvalidatedUnderItsAsid() {
    start(2);
    change();

    bench.command(NH_VA | asid(OTHER_ASID), IOVA);
    bench.command(NH_VA | asid(ASID), IOVA + 0x2000);
    bench.command(NH_ASID | asid(OTHER_ASID), 0);
    bench.command(EL2_ALL, 0);
    bench.command(NH_ALL | vmid(VMID), 0); // another machine's
    assertThat(page(0)).isEqualTo(OLD);
    assertThat(page(1)).isEqualTo(OLD + 0x1000);

    bench.command(NH_VA | asid(ASID), IOVA);
    assertThat(page(0)).isEqualTo(NEW);
    assertThat(page(1)).isEqualTo(OLD + 0x1000);
  }

  @Test
  void anAsidAnAddressOfAllAsidsAndAllAreMore() {
    start(1);

    for (long[] command :
        new long[][] {{NH_ASID | asid(ASID), 0}, {NH_VAA, IOVA}, {NH_ALL, 0}, {NSNH_ALL, 0}}) {
      bench.tables.map(root, 0, IOVA, OLD);
      bench.command(NSNH_ALL, 0);
      assertThat(page(0)).isEqualTo(OLD);
      bench.tables.map(root, 0, IOVA, NEW);
      assertThat(page(0)).isEqualTo(OLD);

      bench.command(command[0], command[1]);

      assertThat(page(0)).isEqualTo(NEW);
    }
  }

  @Test
  void aGlobalEntryOutlivesItsAsidButNotItsAddress() {
    start(1);
    bench.tables.put(root, 0, IOVA, 3, OLD | (HandTables.PAGE & ~HandTables.NOT_GLOBAL));
    bench.command(NSNH_ALL, 0);
    assertThat(page(0)).isEqualTo(OLD);
    bench.tables.map(root, 0, IOVA, NEW);

    bench.command(NH_ASID | asid(ASID), 0);
    assertThat(page(0)).isEqualTo(OLD);

    bench.command(NH_VA | asid(OTHER_ASID), IOVA);
    assertThat(page(0)).isEqualTo(NEW);
  }

  @Test
  void twoStreamsOfOneAsidShareWhatIsCached() {
    start(1);
    bench.ste(SID + 1, STE_S1 | (CONTEXTS + 64 * SID));
    change();

    assertThat(bench.translate(SID + 1, IOVA, READ)).isEqualTo(OLD);
  }

  @Test
  void theHypervisorsEntriesAreReachedByItsOwnCommandsOnly() {
    bench.stage1(SID, root, 0, 0);
    bench.dram.putLong(SmmuV3Bench.STREAMS + 64 * SID + 8, STRW_EL2);
    map(OLD, 1);
    bench.start();
    assertThat(page(0)).isEqualTo(OLD);
    change();

    bench.command(NSNH_ALL, 0);
    bench.command(NH_ALL, 0);
    assertThat(page(0)).isEqualTo(OLD);
    bench.command(EL2_VA, IOVA);
    assertThat(page(0)).isEqualTo(NEW);

    map(OLD, 1);
    bench.command(EL2_ASID, 0); // EL2 has no ASIDs while CR2.E2H is clear: IHI 0070, 4.4.2.10
    assertThat(page(0)).isEqualTo(NEW);
    bench.command(EL2_VAA, IOVA);
    assertThat(page(0)).isEqualTo(OLD);
  }

  /** IHI 0070, 4.4.2.8 to 4.4.2.10. */
  @Test
  void theHypervisorHasAsidsIfE2hIsSet() {
    bench.write(SmmuV3Regs.STRTAB_BASE, SmmuV3Bench.STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 6);
    bench.stage1(SID, root, ASID, 0);
    bench.dram.putLong(SmmuV3Bench.STREAMS + 64 * SID + 8, STRW_EL2);
    map(OLD, 1);
    bench.startWith(3); // CR2: RECINVSID, E2H
    long[][] others = {{EL2_VA | asid(OTHER_ASID), IOVA}, {EL2_ASID | asid(OTHER_ASID), 0}};
    long[][] right = {{EL2_VA | asid(ASID), IOVA}, {EL2_ASID | asid(ASID), 0}, {EL2_VAA, IOVA}};
    for (long[] command : right) {
      map(OLD, 1);
      bench.command(EL2_ALL, 0);
      assertThat(page(0)).isEqualTo(OLD);
      change();
      for (long[] other : others) {
        bench.command(other[0], other[1]);
      }
      assertThat(page(0)).isEqualTo(OLD);
      bench.command(command[0], command[1]);
      assertThat(page(0)).isEqualTo(NEW);
    }
  }

  /** IHI 0070, 4.4: the SMMU need not do anything. */
  @Test
  void aTagWiderThanTheSmmusReachesNothing() throws DramUnavailableException {
    SmmuV3Config config = new SmmuV3Config.Builder().without(Feature.WIDE_TAGS).build();
    try (SmmuV3Bench narrow = new SmmuV3Bench(config)) {
      long table = narrow.tables.table();
      narrow.tables.map(table, 0, IOVA, OLD);
      narrow.stage1(SID, table, 1, 0);
      narrow.start();
      assertThat(narrow.translate(SID, IOVA, READ)).isEqualTo(OLD);
      narrow.tables.map(table, 0, IOVA, NEW);

      narrow.command(NH_ASID | asid(0x101), 0);
      narrow.command(NH_ALL | vmid(0x100), 0);
      assertThat(narrow.translate(SID, IOVA, READ)).isEqualTo(OLD);
      narrow.command(NH_ASID | asid(1), 0);
      assertThat(narrow.translate(SID, IOVA, READ)).isEqualTo(NEW);
    }
  }

  @Test
  void anIpaIsInvalidatedUnderItsVmid() {
    long root2 = bench.tables.tables(2);
    bench.tables.put(root2, 1, IOVA, 3, OLD | HandTables.PAGE2);
    bench.ste(SID, STE_S2, 0, S2_40_4K | VMID, root2);
    bench.start();
    assertThat(page(0)).isEqualTo(OLD);
    bench.tables.put(root2, 1, IOVA, 3, NEW | HandTables.PAGE2);

    bench.command(S2_IPA | vmid(VMID + 1), IOVA);
    bench.command(NH_ALL | vmid(VMID), 0); // stage 1 only
    assertThat(page(0)).isEqualTo(OLD);
    bench.command(S2_IPA | vmid(VMID), IOVA);
    assertThat(page(0)).isEqualTo(NEW);

    bench.tables.put(root2, 1, IOVA, 3, OLD | HandTables.PAGE2);
    bench.command(S12_VMALL | vmid(VMID), 0);
    assertThat(page(0)).isEqualTo(OLD);
  }

  @Test
  void aNestedTranslationOutlivesItsIpaUntilStage1IsForgottenToo() {
    long root2 = bench.tables.tables(2);
    for (long pa = 0x8000_0000L; pa < 0x8100_0000L; pa += 0x1000) {
      bench.tables.put(root2, 1, pa, 3, pa | HandTables.PAGE2);
    }
    bench.cd(CONTEXTS, CD_48_4K | asid(ASID), root);
    bench.ste(SID, STE_NESTED | CONTEXTS, 0, S2_40_4K | VMID, root2);
    map(OLD, 1);
    bench.start();
    assertThat(page(0)).isEqualTo(OLD);
    bench.tables.put(root2, 1, OLD, 3, NEW | HandTables.PAGE2);

    bench.command(NH_ALL | vmid(VMID), 0); // what stage 2 made of the IPA is still there
    assertThat(page(0)).isEqualTo(OLD);
    bench.command(S2_IPA | vmid(VMID), OLD); // what both made of the address is still there
    assertThat(page(0)).isEqualTo(OLD);
    bench.command(NH_ALL | vmid(VMID), 0);
    assertThat(page(0)).isEqualTo(NEW);
  }

  /** Turns on a stream of stage 1, and has {@code pages} pages in its TLB. */
  private void start(int pages) {
    bench.stage1(SID, root, ASID, 0);
    map(OLD, pages);
    bench.start();
    for (int i = 0; i < pages; i++) {
      assertThat(page(i)).isEqualTo(OLD + 0x1000L * i);
    }
  }

  private void change() {
    map(NEW, 16);
  }

  private void map(long pa, int pages) {
    for (int i = 0; i < pages; i++) {
      bench.tables.map(root, 0, IOVA + 0x1000L * i, pa + 0x1000L * i);
    }
  }

  private long page(int i) {
    return bench.translate(SID, IOVA + 0x1000L * i, READ);
  }

  private static long asid(int asid) {
    return (long) asid << 48;
  }

  private static long vmid(int vmid) {
    return (long) vmid << 32;
  }
}
