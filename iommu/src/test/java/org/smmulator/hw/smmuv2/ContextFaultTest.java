package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.bus.Translator.RAZ_WI;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/** What a context fault leaves in the registers, whom it stops, and how software ends it. */
class ContextFaultTest {
  private static final int STREAM = 5;
  private static final int NEIGHBOUR = 6;
  private static final int CFRE = 1 << 5;
  private static final int CFIE = 1 << 6;
  private static final int HUPCF = 1 << 8;
  private static final int STALL = SmmuBench.STALL;

  private static final int TF = 0x402;
  private static final int SS = 1 << 30;
  private static final int MULTI = 1 << 31;
  private static final int RETRY = 0;
  private static final int TERMINATE = 1;

  private static final long MAPPED = 0x1000;
  private static final long PA = 0x8000_1000L;
  private static final long STRAY = 0xdead_0000L;

  private final SmmuBench bench;
  private final HandTables tables;
  private final long root;
  private final List<String> log = new ArrayList<>();

  ContextFaultTest() throws DramUnavailableException {
    bench = new SmmuBench();
    tables = bench.tables();
    root = tables.table();
    tables.map(root, MAPPED, PA);
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    bench.route(1, NEIGHBOUR, 0, 1);
    bench.start(1, root, 0, TCR_SPLIT, SCTLR);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aFaultTellsWhatWhereAndWho() {
    start(SCTLR);

    assertThat(bench.translate(STREAM, STRAY, WRITE)).isEqualTo(ABORT);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(STRAY);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 1); // a write; no table below level 1
    assertThat(bench.gr1(Gr1.CBFRSYNRA, 0)).isEqualTo(STREAM);
    assertThat(bench.context.get(0).high).isTrue();
    assertThat(bench.context.get(1).high).isFalse();
  }

  @Test
  void onesWrittenClearItAndTheInterruptGoesWithTheLast() {
    start(SCTLR);
    var _ = bench.translate(STREAM, STRAY, READ);

    bench.bank(0, Cb.FSR, 0);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF);
    assertThat(bench.context.get(0).high).isTrue();

    bench.bank(0, Cb.FSR, TF);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0);
    assertThat(bench.context.get(0).high).isFalse();
  }

  @Test
  void aSecondFaultSetsMultiAndOverwritesNothing() {
    start(SCTLR);
    var _ = bench.translate(STREAM, STRAY, READ);
    var _ = bench.translate(STREAM, STRAY + 0x5000, WRITE);

    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | MULTI);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(STRAY);
    assertThat(bench.bank(0, Cb.FSYNR0) & 0x10).isEqualTo(0);
  }

  @Test
  void withoutCfreTheMasterNoticesNothing() {
    start(SCTLR & ~CFRE);

    assertThat(bench.translate(STREAM, STRAY, READ)).isEqualTo(RAZ_WI);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF);
  }

  @Test
  void withoutCfieNoInterruptUntilItIsSet() {
    start(SCTLR & ~CFIE);
    var _ = bench.translate(STREAM, STRAY, READ);
    assertThat(bench.context.get(0).high).isFalse();

    bench.bank(0, Cb.SCTLR, SCTLR);

    assertThat(bench.context.get(0).high).isTrue();
  }

  @Test
  void eachBankHasItsOwnLineWhateverIsWrittenToIrptndx() {
    start(SCTLR);
    bench.gr1(Gr1.CBAR, 1, 0x0001_f300); // as arm-smmu does for an SMMUv2: IRPTNDX stays zero
    bench.gr1(Gr1.CBAR, 0, 0x0301_f300);

    var _ = bench.translate(NEIGHBOUR, STRAY, READ);

    assertThat(bench.gr1(Gr1.CBAR, 0)).isEqualTo(0x0001_f300);
    assertThat(bench.context.get(0).high).isFalse();
    assertThat(bench.context.get(1).high).isTrue();
  }

  @Test
  void withHupcfOthersGoOnWhileAFaultIsOutstanding() {
    start(SCTLR);
    var _ = bench.translate(STREAM, STRAY, READ);

    assertThat(bench.translate(STREAM, MAPPED, READ)).isEqualTo(PA);
  }

  @Test
  void withoutHupcfTheWholeBankIsRefusedUntilSoftwareClearsTheFault() {
    start(SCTLR & ~HUPCF);
    assertThat(bench.translate(STREAM, MAPPED, READ)).isEqualTo(PA);
    var _ = bench.translate(STREAM, STRAY, READ);

    assertThat(bench.translate(STREAM, MAPPED, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(NEIGHBOUR, MAPPED, READ)).isEqualTo(PA);

    bench.bank(0, Cb.FSR, -1);
    assertThat(bench.translate(STREAM, MAPPED, READ)).isEqualTo(PA);
  }

  @Test
  void aStalledTransactionWaitsAndSucceedsWhenRetriedAfterTheRepair() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY);
    bench.time.after(
        1_000,
        () -> {
          assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | SS);
          tables.map(root, STRAY, PA);
          bench.bank(0, Cb.FSR, TF | SS);
          bench.bank(0, Cb.RESUME, RETRY);
        });

    run();

    assertThat(log).containsExactly("1000 gpu 0x80001000");
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0);
  }

  @Test
  void aStalledTransactionThatIsTerminatedAborts() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY);
    bench.time.after(1_000, () -> bench.bank(0, Cb.RESUME, TERMINATE));

    run();

    assertThat(log).containsExactly("1000 gpu 0xffffffffffffffff");
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF);
  }

  @Test
  void onlyResumeEndsAStallAndTheInterruptStaysUntilThen() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY);
    run();

    bench.bank(0, Cb.FSR, -1);
    run();
    assertThat(log).isEmpty();
    assertThat(bench.bank(0, Cb.FSR) & SS).isEqualTo(SS);
    assertThat(bench.context.get(0).high).isTrue();

    bench.bank(0, Cb.RESUME, TERMINATE);
    run();
    assertThat(log).hasSize(1);
    assertThat(bench.context.get(0).high).isFalse();
  }

  @Test
  void aRetryOfWhatIsStillBrokenStallsAgain() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY);
    run();

    bench.bank(0, Cb.FSR, -1);
    bench.bank(0, Cb.RESUME, RETRY);
    run();

    assertThat(log).isEmpty();
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | SS);
  }

  /** So a driver clears FSR first, as {@code arm_smmu_context_fault()} does. */
  @Test
  void theNextFaultIsToldOnlyIfTheRecordWasClearedBeforeResume() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY, STRAY + 0x1000, STRAY + 0x2000);
    run();
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(STRAY);

    bench.bank(0, Cb.FSR, TF);
    bench.bank(0, Cb.RESUME, TERMINATE);
    run();
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | SS);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(STRAY + 0x1000);

    bench.bank(0, Cb.RESUME, TERMINATE);
    run();
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | SS | MULTI);
    bench.bank(0, Cb.FSR, -1);
    assertThat(bench.bank(0, Cb.FSR) & (TF | SS)).isEqualTo(SS);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(STRAY + 0x1000);
  }

  @Test
  void withHupcfAHitPassesUnderAStalledTransaction() {
    start(SCTLR | STALL);
    transaction("gpu", STRAY);
    run();

    transaction("other", MAPPED);
    run();

    assertThat(log).hasSize(1);
    assertThat(log.get(0)).endsWith("other 0x80001000");
  }

  @Test
  void withoutHupcfAHitWaitsBehindAStalledTransaction() {
    start((SCTLR | STALL) & ~HUPCF);
    transaction("gpu", STRAY);
    transaction("other", MAPPED);
    run();
    assertThat(log).isEmpty();

    bench.bank(0, Cb.FSR, -1);
    bench.bank(0, Cb.RESUME, TERMINATE);
    run();

    assertThat(log).hasSize(2);
  }

  @Test
  void oneResumeDecidesForAllThatAreStalled() {
    start(SCTLR | STALL);
    transaction("first", STRAY);
    transaction("second", STRAY + 0x1000);
    run();
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(TF | SS | MULTI);

    bench.bank(0, Cb.RESUME, TERMINATE);
    run();

    assertThat(log).hasSize(2);
  }

  private void start(int sctlr) {
    bench.start(0, root, 0, TCR_SPLIT, sctlr);
  }

  /** Transactions of one device, one after the other. */
  private void transaction(String name, long... iovas) {
    bench.time.process(
        name,
        () -> {
          for (long iova : iovas) {
            long pa = bench.translate(STREAM, iova, READ);
            log.add("%d %s 0x%x".formatted(bench.time.nowNs(), name, pa));
          }
        });
  }

  private void run() {
    boolean _ = bench.time.run(() -> false);
  }
}
