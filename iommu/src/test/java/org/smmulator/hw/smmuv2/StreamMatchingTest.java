package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.bus.Translator.RAZ_WI;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/** Which stream goes where, and what the registers say about themselves. */
class StreamMatchingTest {
  private static final int BYPASS = 1 << 16;
  private static final int FAULT = 2 << 16;

  private final SmmuBench bench;

  StreamMatchingTest() throws DramUnavailableException {
    bench = new SmmuBench();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void outOfResetEveryTransactionPasses() {
    assertThat(bench.read(Gr0.SCR0)).isEqualTo(1);
    assertThat(bench.translate(5, 0x1234, READ)).isEqualTo(0x1234);
  }

  @Test
  void aStreamThatNobodyKnowsPassesOrFaultsAsUsfcfgSays() {
    bench.write(Gr0.SCR0, 0x036);
    assertThat(bench.translate(5, 0x1234, READ)).isEqualTo(0x1234);

    bench.write(Gr0.SCR0, 0x436);
    assertThat(bench.translate(5, 0x1234, WRITE)).isEqualTo(ABORT);

    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0b10);
    assertThat(bench.read(Gr0.SGFSYNR1)).isEqualTo(5);
    assertThat(bench.read(Gr0.SGFAR)).isEqualTo(0x1234);
    assertThat(bench.global.high).isTrue();
  }

  @Test
  void aGlobalFaultIsKeptUntilOnesAreWrittenAndTheNextOnlySetsMulti() {
    bench.enable();
    var _ = bench.translate(5, 0x1000, READ);
    var _ = bench.translate(6, 0x2000, READ);

    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0x8000_0002);
    assertThat(bench.read(Gr0.SGFSYNR1)).isEqualTo(5);

    bench.write(Gr0.SGFSR, 0x8000_0002);
    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0);
    assertThat(bench.global.high).isFalse();
  }

  @Test
  void withoutGfreAGlobalFaultIsSilentToTheMaster() {
    bench.write(Gr0.SCR0, 0x400);

    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(RAZ_WI);
    assertThat(bench.global.high).isFalse();
  }

  @Test
  void aMaskedBitDoesNotMatter() {
    bench.enable();
    bench.gr0(Gr0.SMR, 2, 1 << 31 | 0x0f0 << 16 | 0x200);
    bench.gr0(Gr0.S2CR, 2, BYPASS);

    assertThat(bench.translate(0x200, 0x1000, READ)).isEqualTo(0x1000);
    assertThat(bench.translate(0x2f0, 0x1000, READ)).isEqualTo(0x1000);
    assertThat(bench.translate(0x201, 0x1000, READ)).isEqualTo(ABORT);
  }

  @Test
  void anSmrThatIsNotValidMatchesNothing() {
    bench.enable();
    bench.gr0(Gr0.SMR, 0, 0x5);
    bench.gr0(Gr0.S2CR, 0, BYPASS);

    assertThat(bench.translate(0x5, 0x1000, READ)).isEqualTo(ABORT);
  }

  @Test
  void twoSmrsThatMatchOneStreamAreAConflict() {
    bench.enable();
    bench.gr0(Gr0.SMR, 0, 1 << 31 | 0x5);
    bench.gr0(Gr0.SMR, 1, 1 << 31 | 0xf << 16);
    bench.gr0(Gr0.S2CR, 0, BYPASS);
    bench.gr0(Gr0.S2CR, 1, BYPASS);

    assertThat(bench.translate(0x5, 0x1000, READ)).isEqualTo(ABORT);
    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0b100);
    assertThat(bench.translate(0x6, 0x1000, READ)).isEqualTo(0x1000);
  }

  @Test
  void anS2crThatSaysFaultOrNamesNoBankIsAGlobalFault() {
    bench.enable();
    bench.route(0, 5, 0, 0);
    bench.gr0(Gr0.S2CR, 0, FAULT);
    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(ABORT);
    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0b1);
    bench.write(Gr0.SGFSR, 0b1);

    bench.gr0(Gr0.S2CR, 0, 4);
    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(ABORT);
    assertThat(bench.read(Gr0.SGFSR)).isEqualTo(0b1000);
  }

  @Test
  void aNewS2crHoldsFromTheNextTransactionOn() {
    bench.enable();
    bench.route(0, 5, 0, 0);
    bench.gr0(Gr0.S2CR, 0, FAULT);
    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(ABORT);

    bench.gr0(Gr0.S2CR, 0, BYPASS);

    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(0x1000);
  }

  @Test
  void aBankThatIsOffPassesAddressesOn() {
    bench.enable();
    bench.route(0, 5, 0, 1);

    assertThat(bench.translate(5, 0x1000, READ)).isEqualTo(0x1000);
  }

  @Test
  void withoutSmrsTheStreamIdIsTheIndex() throws DramUnavailableException {
    SmmuV2Config indexed =
        new SmmuV2Config(
            new SmmuV2Config.Streams(0, 3), SmmuBench.BANKS, SmmuBench.SPLIT, SmmuBench.TLB);
    try (SmmuBench plain = new SmmuBench(indexed)) {
      plain.enable();
      plain.gr0(Gr0.S2CR, 6, FAULT);

      assertThat(plain.read(Gr0.ID0) & 0x0800_00ff).isEqualTo(0);
      assertThat(plain.translate(5, 0x1000, READ)).isEqualTo(0x1000);
      assertThat(plain.translate(6, 0x1000, READ)).isEqualTo(ABORT);
    }
  }

  @Test
  void whatIsNotWiredReadsAsZero() {
    bench.gr0(Gr0.SMR, 0, -1);
    bench.gr0(Gr0.SMR, 8, -1);
    bench.gr0(Gr0.S2CR, 0, -1);
    bench.gr0(Gr0.S2CR, 8, -1);
    bench.write(Gr0.SCR0, -1);
    bench.gr1(Gr1.CBAR, 4, -1);
    bench.bank(4, Cb.SCTLR, -1);

    assertThat(bench.gr0(Gr0.SMR, 0)).isEqualTo(0x83ff_03ff);
    assertThat(bench.gr0(Gr0.SMR, 8)).isEqualTo(0);
    assertThat(bench.gr0(Gr0.S2CR, 0)).isEqualTo(0x0303_00ff);
    assertThat(bench.gr0(Gr0.S2CR, 8)).isEqualTo(0);
    assertThat(bench.read(Gr0.SCR0)).isEqualTo(0xfc37);
    assertThat(bench.gr1(Gr1.CBAR, 4)).isEqualTo(0);
    assertThat(bench.bank(4, Cb.SCTLR)).isEqualTo(0);
  }

  @Test
  void theIdRegistersTellWhatIsThereAndOnlyThat() {
    // S1TS, SMS, both PTFS_NO bits, 4 interrupts, CTTW, 10 id bits, 8 SMRs.
    assertThat(bench.read(Gr0.ID0)).isEqualTo(0x4b04_5408);
    // 2 << (2 + 1) pages of 4 KiB, 4 banks.
    assertThat(bench.read(Gr0.ID1)).isEqualTo(0x2000_0004);
    // 4 KiB granule, 49 bits in, 40 bits out.
    assertThat(bench.read(Gr0.ID2)).isEqualTo(0x1522);

    bench.write(Gr0.ID0, 0);
    assertThat(bench.read(Gr0.ID0)).isEqualTo(0x4b04_5408);
  }
}
