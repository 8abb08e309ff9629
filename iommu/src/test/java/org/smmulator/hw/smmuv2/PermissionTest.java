package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;
import static org.smmulator.hw.vmsa.HandTables.ACCESSED;
import static org.smmulator.hw.vmsa.HandTables.PAGE;
import static org.smmulator.hw.vmsa.HandTables.PXN;
import static org.smmulator.hw.vmsa.HandTables.READ_ONLY;
import static org.smmulator.hw.vmsa.HandTables.UNPRIVILEGED;
import static org.smmulator.hw.vmsa.HandTables.UXN;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/** Who may do what with a page, on the walk and on the TLB hit after it. */
class PermissionTest {
  private static final int STREAM = 5;
  private static final long IOVA = 0x4000;
  private static final long PA = 0x8000_4000L;
  private static final int PERMISSION_FAULT = 0x408;
  private static final int ACCESS_FLAG_FAULT = 0x404;

  private static final int[] ACCESSES = {
    READ,
    WRITE,
    INSTRUCTION | READ,
    PRIVILEGED | READ,
    PRIVILEGED | WRITE,
    PRIVILEGED | INSTRUCTION | READ
  };

  private final SmmuBench bench;
  private final HandTables tables;
  private final long root;

  PermissionTest() throws DramUnavailableException {
    bench = new SmmuBench();
    tables = bench.tables();
    root = tables.table();
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    bench.start(0, root, 0, TCR_SPLIT, SCTLR);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** Arm ARM, table D8-60 and following: rwx unprivileged, then rwx privileged. */
  @Test
  void theMatrixOfTheManual() {
    expect(PAGE, "rwx", "rw-"); // what the unprivileged can write, the privileged never execute
    expect(PAGE | READ_ONLY, "r-x", "r-x");
    expect(PAGE & ~UNPRIVILEGED, "--x", "rwx");
    expect((PAGE & ~UNPRIVILEGED) | READ_ONLY, "--x", "r-x");
    expect(PAGE | UXN, "rw-", "rw-");
    expect(PAGE | READ_ONLY | PXN, "r-x", "r--");
    expect((PAGE & ~UNPRIVILEGED) | UXN | PXN, "---", "rw-");
  }

  @Test
  void aTableOnTheWayTakesRightsAway() {
    long tableEntry = tables.entry(root, IOVA, 2);
    tables.put(root, IOVA, 3, PA | PAGE);
    long next = bench.dram.getLong(tableEntry);

    bench.dram.putLong(tableEntry, next | 1L << 62); // APTable[1]: read only
    expectNow("r-x", "r-x");
    bench.dram.putLong(tableEntry, next | 1L << 61); // APTable[0]: nothing unprivileged
    expectNow("--x", "rwx");
    bench.dram.putLong(tableEntry, next | 1L << 60 | 1L << 62); // UXNTable
    expectNow("r--", "r-x");
    bench.dram.putLong(tableEntry, next | 1L << 59 | 1L << 62); // PXNTable
    expectNow("r-x", "r--");
  }

  @Test
  void aPermissionFaultTellsLevelAndDirection() {
    tables.put(root, IOVA, 3, PA | PAGE | READ_ONLY);

    assertThat(bench.translate(STREAM, IOVA, WRITE)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 3);
  }

  @Test
  void aBlocksPermissionFaultIsOfItsLevel() {
    tables.put(root, 0x20_0000, 2, 0x8020_0000L | HandTables.BLOCK | READ_ONLY);

    assertThat(bench.translate(STREAM, 0x20_0000, PRIVILEGED | WRITE)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x30 | 2);
  }

  @Test
  void anInstructionFetchSaysSo() {
    tables.put(root, IOVA, 3, PA | PAGE | UXN);

    assertThat(bench.translate(STREAM, IOVA, INSTRUCTION | READ)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x40 | 3);
  }

  @Test
  void aPageThatWasNeverAccessedIsAnAccessFlagFaultAndIsNotCached() {
    tables.put(root, IOVA, 3, (PA | PAGE) & ~ACCESSED);
    assertThat(bench.translate(STREAM, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(ACCESS_FLAG_FAULT);

    tables.put(root, IOVA, 3, PA | PAGE);

    assertThat(bench.translate(STREAM, IOVA, READ)).isEqualTo(PA);
  }

  @Test
  void theStreamsPrivilegeCanBeOverruled() {
    tables.put(root, IOVA, 3, (PA | PAGE) & ~UNPRIVILEGED);

    bench.gr0(Gr0.S2CR, 0, 3 << 24);
    assertThat(bench.translate(STREAM, IOVA, READ)).isEqualTo(PA);
    bench.gr0(Gr0.S2CR, 0, 2 << 24);
    assertThat(bench.translate(STREAM, IOVA, READ | PRIVILEGED)).isEqualTo(ABORT);
  }

  private void expect(long attributes, String unprivileged, String privileged) {
    tables.put(root, IOVA, 3, PA | attributes);
    expectNow(unprivileged, privileged);
  }

  private void expectNow(String unprivileged, String privileged) {
    bench.bank(0, Cb.TLBIALL, 0);
    String walked = observed();
    String hit = observed();

    assertWithMessage("walked").that(walked).isEqualTo(unprivileged + " " + privileged);
    assertWithMessage("from the TLB").that(hit).isEqualTo(walked);
  }

  private String observed() {
    StringBuilder rights = new StringBuilder();
    for (int i = 0; i < ACCESSES.length; i++) {
      bench.bank(0, Cb.FSR, -1);
      boolean allowed = bench.translate(STREAM, IOVA, ACCESSES[i]) == PA;
      rights.append(i == 3 ? " " : "").append(allowed ? "rwx".charAt(i % 3) : '-');
    }
    return rights.toString();
  }
}
