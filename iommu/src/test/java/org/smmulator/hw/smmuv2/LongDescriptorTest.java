package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.AArch32Bench.SCTLR;
import static org.smmulator.hw.smmuv2.AArch32Bench.STREAM;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * AArch32's long descriptors, LPAE: tables written by hand from the Arm ARM (ARMv7-A), B3.6. The
 * words of FSR have Format 1.
 */
class LongDescriptorTest {
  private static final int EAE = 1 << 31;
  private static final int EPD1 = 1 << 23;
  private static final int A1 = 1 << 22;
  private static final long ROOT = 0x8080_0000L;
  private static final long UPPER_ROOT = 0x8080_1000L;
  private static final long TABLE = 0x8081_0000L;
  private static final long UPPER_TABLE = 0x8081_1000L;

  /** A page that anyone may use, accessed, not global; and the same as a block. */
  private static final long PAGE = 0b11 | 1 << 6 | 1 << 10 | 1 << 11;

  private static final long BLOCK = PAGE & ~0b10L;
  private static final long XN = 1L << 54;
  private static final long PXN = 1L << 53;
  private static final int TRANSLATION_FAULT = 0x202;

  private final SmmuBench bench;

  LongDescriptorTest() throws DramUnavailableException {
    bench = AArch32Bench.make();
    bench.dram.putLong(ROOT + 8, TABLE | 0b11);
    bench.dram.putLong(UPPER_ROOT, UPPER_TABLE | 0b11);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void fourEntriesAtLevel1ResolveFourGigabytes() {
    start(EAE | EPD1, 0);
    bench.dram.putLong(ROOT + 8 * 3, 0x4000_0000L | BLOCK);
    bench.dram.putLong(TABLE + 8 * 2, 0x8020_0000L | BLOCK);
    bench.dram.putLong(TABLE + 8 * 3, 0x8082_0000L | 0b11);
    bench.dram.putLong(0x8082_0000L + 8 * 4, 0x8000_5000L | PAGE);

    assertThat(read(0xc123_4567L)).isEqualTo(0x4123_4567L);
    assertThat(read(0x4041_2345L)).isEqualTo(0x8021_2345L);
    assertThat(read(0x4060_4123L)).isEqualTo(0x8000_5123L);
    assertThat(faultOf(0x8000_0000L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1);
    assertThat(faultOf(0x1_4060_4123L)).isEqualTo(TRANSLATION_FAULT);
  }

  /** Both zero: TTBR0 serves everything. */
  @Test
  void withoutSizesThereIsNoUpperHalf() {
    start(EAE, 0);
    bench.dram.putLong(ROOT + 8 * 3, 0x4000_0000L | BLOCK);
    bench.dram.putLong(UPPER_ROOT + 8 * 3, 0x8000_0000L | BLOCK);

    assertThat(read(0xc000_0010L)).isEqualTo(0x4000_0010L);
  }

  /** T0SZ 2, T1SZ 0: TTBR0 has the lowest gigabyte, from level 2; TTBR1 all the rest. */
  @Test
  void ttbr1ServesWhatTtbr0DoesNot() {
    start(EAE | 2, 0);
    bench.dram.putLong(ROOT + 8 * 5, 0x8020_0000L | BLOCK);
    bench.dram.putLong(UPPER_ROOT + 8 * 2, 0x4000_0000L | BLOCK);

    assertThat(read(0x00a0_0010L)).isEqualTo(0x8020_0010L);
    assertThat(read(0x8000_0010L)).isEqualTo(0x4000_0010L);
  }

  /** T0SZ 1, T1SZ 2: the third gigabyte is nobody's. */
  @Test
  void betweenTheTwoIsAHole() {
    start(EAE | 1 | 2 << 16, 0);
    bench.dram.putLong(ROOT, 0x4000_0000L | BLOCK);
    bench.dram.putLong(UPPER_ROOT + 8 * 5, 0x8020_0000L | BLOCK);

    assertThat(read(0x0000_0010L)).isEqualTo(0x4000_0010L);
    assertThat(read(0xc0a0_0010L)).isEqualTo(0x8020_0010L);
    assertThat(faultOf(0x8000_0010L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1);
  }

  /** And what the unprivileged may write is no obstacle to execution, as it is in AArch64. */
  @Test
  void xnIsForEveryoneAndPxnForThePrivileged() {
    start(EAE | EPD1, 0);
    bench.dram.putLong(TABLE, 0x8020_0000L | BLOCK);
    bench.dram.putLong(TABLE + 8, 0x8020_0000L | BLOCK | XN);
    bench.dram.putLong(TABLE + 16, 0x8020_0000L | BLOCK | PXN);

    assertThat(executes(0x4000_0000L)).isEqualTo("pu");
    assertThat(executes(0x4020_0000L)).isEqualTo("--");
    assertThat(executes(0x4040_0000L)).isEqualTo("-u");
  }

  @Test
  void asidsHave8BitsAndA1SaysWhichTtbrHasIt() {
    start(EAE | EPD1, 0x1203L << 48);
    bench.bank(0, Cb.TTBR1, 0x0004L << 48);
    bench.dram.putLong(TABLE, 0x8020_0000L | BLOCK);
    assertThat(read(0x4000_0000L)).isEqualTo(0x8020_0000L);
    bench.dram.putLong(TABLE, 0x8040_0000L | BLOCK);

    bench.bank(0, Cb.TLBIASID, 4);
    assertThat(read(0x4000_0000L)).isEqualTo(0x8020_0000L);
    bench.bank(0, Cb.TCR, EAE | EPD1 | A1);
    assertThat(read(0x4000_0000L)).isEqualTo(0x8040_0000L);
    bench.bank(0, CbAArch32.TLBIVAL, 0x4000_0003);
    bench.bank(0, Cb.TCR, EAE | EPD1);
    assertThat(read(0x4000_0000L)).isEqualTo(0x8040_0000L);
  }

  @Test
  void anOutputBeyond40BitsIsAnAddressSizeFault() {
    start(EAE | EPD1, 0);
    bench.dram.putLong(ROOT, 1L << 40 | BLOCK);

    assertThat(faultOf(0)).isEqualTo(0x280);
  }

  /** T0SZ of VTCR is a number with a sign: 8 is 24 bits, -8 is 40; SL0 1 is level 1. */
  @Test
  void stage2TakesUpTo40Bits() {
    bench.gr1(Gr1.CBA2R, 0, 0);
    bench.gr1(Gr1.CBAR, 0, 7);
    bench.bank(0, Cb.VTCR, 0x18 | 1 << 6);
    bench.bank(0, Cb.TTBR0, 0x8090_0000L);
    bench.bank(0, Cb.SCTLR, 0x167);
    long s2Block = 0b01 | 3 << 6 | 1 << 10;
    bench.dram.putLong(0x8090_0000L + 8 * 1023, 0x4000_0000L | s2Block);

    assertThat(read(0xff_c000_0123L)).isEqualTo(0x4000_0123L);

    bench.dram.putLong(0x8090_0000L + 8 * 1023, 0x8000_0000L | s2Block);
    bench.bank(0, CbAArch32.TLBIIPAS2L, 0x0ff_bffff);
    assertThat(read(0xff_c000_0123L)).isEqualTo(0x4000_0123L);
    bench.bank(0, CbAArch32.TLBIIPAS2L, 0xffc_0000);
    assertThat(read(0xff_c000_0123L)).isEqualTo(0x8000_0123L);

    bench.bank(0, Cb.VTCR, 0x08);
    assertThat(faultOf(1L << 24)).isEqualTo(TRANSLATION_FAULT);
  }

  private void start(int tcr, long asid) {
    AArch32Bench.start(bench, tcr, SCTLR);
    bench.bank(0, Cb.TTBR0, ROOT | asid);
    bench.bank(0, Cb.TTBR1, UPPER_ROOT | asid);
  }

  private long read(long iova) {
    return bench.translate(STREAM, iova, READ);
  }

  private int faultOf(long iova) {
    bench.bank(0, Cb.FSR, -1);
    assertThat(bench.translate(STREAM, iova, READ)).isEqualTo(ABORT);
    return bench.bank(0, Cb.FSR);
  }

  private String executes(long iova) {
    assertThat(bench.translate(STREAM, iova, WRITE)).isNotEqualTo(ABORT);
    return may(iova, PRIVILEGED, "p") + may(iova, 0, "u");
  }

  private String may(long iova, int privilege, String yes) {
    bench.bank(0, Cb.FSR, -1);
    return bench.translate(STREAM, iova, READ | INSTRUCTION | privilege) == ABORT ? "-" : yes;
  }
}
