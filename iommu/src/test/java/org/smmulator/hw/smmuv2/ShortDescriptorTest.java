package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.AArch32Bench.SCTLR;
import static org.smmulator.hw.smmuv2.AArch32Bench.SCTLR_AFE;
import static org.smmulator.hw.smmuv2.AArch32Bench.STREAM;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * ARMv7 short descriptors: tables written by hand from the Arm ARM (ARMv7-A), B3.5. The words of
 * FSR begin with Format 0; level 1 has the sections, level 2 the pages.
 */
class ShortDescriptorTest {
  private static final long ROOT = 0x8080_0000L;
  private static final long UPPER_ROOT = 0x8080_8000L;
  private static final long TABLE = 0x8081_0400L; // aligned to 1 KiB and no more

  /** AP[1:0] 11 and nG, in a section and in a page. */
  private static final int SECTION = 0b10 | 3 << 10 | 1 << 17;

  private static final int SMALL = 0b10 | 3 << 4 | 1 << 11;
  private static final int LARGE = 0b01 | 3 << 4 | 1 << 11;

  private static final int TRANSLATION_FAULT = 0x002;
  private static final int ACCESS_FLAG_FAULT = 0x004;
  private static final int PERMISSION_FAULT = 0x008;

  private final SmmuBench bench;

  ShortDescriptorTest() throws DramUnavailableException {
    bench = AArch32Bench.make();
    start(0);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theIdRegistersTellOfThem() {
    assertThat(bench.read(Gr0.ID0) >>> 24 & 0b11).isEqualTo(0); // neither is absent
  }

  @Test
  void pagesLargePagesSectionsAndSupersections() {
    level1(0x001, (int) TABLE | 0b01);
    level2(0x02, 0x8000_5000 | SMALL);
    for (int i = 0x10; i < 0x20; i++) {
      level2(i, 0x8003_0000 | LARGE);
    }
    level1(0x7ff, 0x8010_0000 | SECTION);
    for (int i = 0xf00; i < 0xf10; i++) {
      level1(i, 0x8100_0000 | SECTION | 1 << 18);
    }

    assertThat(read(0x0010_2123L)).isEqualTo(0x8000_5123L);
    assertThat(read(0x0011_f456L)).isEqualTo(0x8003_f456L);
    assertThat(read(0x7ff6_789aL)).isEqualTo(0x8016_789aL);
    assertThat(read(0xf09a_bcdeL)).isEqualTo(0x819a_bcdeL);
  }

  @Test
  void aSupersectionReaches40Bits() {
    // PA[35:32] in bits 23:20, PA[39:36] in bits 8:5.
    level1(0x100, 0x4500_0000 | SECTION | 1 << 18 | 0x7 << 20 | 0x9 << 5);

    assertThat(read(0x1002_3456L)).isEqualTo(0x97_4502_3456L);
  }

  @Test
  void whatIsNotThereFaultsAtItsLevel() {
    level1(1, (int) TABLE | 0b01);

    assertThat(faultOf(0x0020_0000L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1);
    assertThat(bench.bank(0, Cb.FAR)).isEqualTo(0x0020_0000L);
    assertThat(faultOf(0x0010_0000L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(2);
  }

  @Test
  void anAddressOf33BitsIsNowhere() {
    level1(0, 0x8010_0000 | SECTION);

    assertThat(read(0x0000_0010L)).isEqualTo(0x8010_0010L);
    assertThat(faultOf(0x1_0000_0010L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1);
  }

  @Test
  void aTableWhereNoMemoryIsAbortsTheWalk() {
    level1(1, 0x1000_0000 | 0b01);

    assertThat(faultOf(0x0010_0000L)).isEqualTo(0x010);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x400 | 2); // PTWF
  }

  /** The table of B3.7.1, with the privileged's right first. */
  @Test
  void withoutAfeAllOfApSaysWhoMayDoWhat() {
    String[] rights = {"-- --", "rw --", "rw r-", "rw rw", "-- --", "r- --", "r- r-", "r- r-"};
    start(0, SCTLR & ~SCTLR_AFE);
    for (int ap = 0; ap < 8; ap++) {
      level1(ap, 0x8010_0000 | 0b10 | (ap & 3) << 10 | (ap >> 2) << 15 | 1 << 17);
      assertWithMessage("AP %s", ap).that(rightsAt((long) ap << 20)).isEqualTo(rights[ap]);
    }
  }

  /** With AFE bit 0 of AP is no right: AP[2] takes writing away, AP[1] is for everyone. */
  @Test
  void withAfeApsLowestBitIsTheAccessFlag() {
    String[] rights = {"rw --", "rw rw", "r- --", "r- r-"};
    for (int ap = 0; ap < 4; ap++) {
      level1(ap, 0x8010_0000 | 0b10 | 1 << 10 | (ap & 1) << 11 | (ap >> 1) << 15 | 1 << 17);
      assertWithMessage("AP[2:1] %s", ap).that(rightsAt((long) ap << 20)).isEqualTo(rights[ap]);
    }
    level1(9, 0x8010_0000 | 0b10 | 1 << 11 | 1 << 17);
    assertThat(faultOf(9L << 20)).isEqualTo(ACCESS_FLAG_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(1);
  }

  @Test
  void aRefusedAccessIsAFaultOfTheLeafsLevel() {
    level1(1, (int) TABLE | 0b01);
    level2(0, 0x8000_5000 | SMALL | 1 << 9);
    level1(2, 0x8010_0000 | SECTION | 1 << 15);

    assertThat(faultOf(0x0010_0000L, WRITE)).isEqualTo(PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 2);
    assertThat(faultOf(0x0020_0000L, WRITE)).isEqualTo(PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 1);
  }

  /** The bank is turned to AArch64's tables, of which it has none; the TLB keeps what it had. */
  @Test
  void aLeafOfTablesThatAreNoMoreFaultsAtTheLastLevel() {
    level1(0, 0x8010_0000 | SECTION | 1 << 15);
    assertThat(read(0x10)).isEqualTo(0x8010_0010L);

    bench.gr1(Gr1.CBA2R, 0, 1);
    bench.bank(0, Cb.TCR, SmmuBench.EPD0 | SmmuBench.EPD1);
    bench.bank(0, Cb.TTBR0, ROOT);

    assertThat(faultOf(0x10, WRITE)).isEqualTo(0x400 | PERMISSION_FAULT);
    assertThat(bench.bank(0, Cb.FSYNR0)).isEqualTo(0x10 | 3);
  }

  /** XN is bit 4 of a section, bit 0 of a small page, bit 15 of a large one; PXN, 0 and 2. */
  @Test
  void executionIsDeniedToAllOrToThePrivileged() {
    level1(0, 0x8010_0000 | SECTION | 1 << 4);
    level1(1, 0x8010_0000 | SECTION | 1);
    level1(2, (int) TABLE | 0b01 | 1 << 2);
    level2(0, 0x8000_5000 | SMALL);
    level2(1, 0x8000_5000 | SMALL | 1);
    level2(0x10, 0x8003_0000 | LARGE | 1 << 15);

    assertThat(executes(0x0000_0000L)).isEqualTo("nobody");
    assertThat(executes(0x0010_0000L)).isEqualTo("unprivileged");
    assertThat(executes(0x0020_0000L)).isEqualTo("unprivileged");
    assertThat(executes(0x0020_0000L)).isEqualTo("unprivileged"); // the table is remembered
    assertThat(executes(0x0020_1000L)).isEqualTo("nobody");
    assertThat(executes(0x0021_0000L)).isEqualTo("nobody");
  }

  /** N zeros on top: TTBR0, whose root is as much smaller; the rest is TTBR1's. */
  @Test
  void nSplitsTheAddresses() {
    start(2);
    bench.dram.putInt(ROOT + 4 * 0x3ff, 0x8010_0000 | SECTION);
    bench.dram.putInt(ROOT + 4 * 0x400, 0x8020_0000 | SECTION);
    bench.dram.putInt(UPPER_ROOT + 4 * 0x400, 0x8030_0000 | SECTION);

    assertThat(read(0x3ff0_0123L)).isEqualTo(0x8010_0123L);
    assertThat(read(0x4000_0123L)).isEqualTo(0x8030_0123L);

    start(2 | 1 << 4); // PD0
    bench.bank(0, Cb.TLBIALL, 0);
    assertThat(faultOf(0x3ff0_0123L)).isEqualTo(TRANSLATION_FAULT);
    start(2 | 1 << 5); // PD1
    bench.bank(0, Cb.TLBIALL, 0);
    assertThat(faultOf(0x4000_0123L)).isEqualTo(TRANSLATION_FAULT);
    assertThat(read(0x3ff0_0123L)).isEqualTo(0x8010_0123L);
  }

  @Test
  void contextidrHoldsTheAsidAndAnInvalidationTakes32Bits() {
    bench.bank(0, CbAArch32.CONTEXTIDR, 0x1203); // ASID 3, and whatever the kernel likes
    level1(0, 0x8010_0000 | SECTION);
    assertThat(read(0x10)).isEqualTo(0x8010_0010L);
    level1(0, 0x8020_0000 | SECTION);

    bench.bank(0, Cb.TLBIASID, 4);
    bench.bank(0, CbAArch32.TLBIVA, 0x4);
    bench.bank(0, Cb.TLBIVA, 0L); // one of 64 bits is one of 32, for ASID 0
    assertThat(read(0x10)).isEqualTo(0x8010_0010L);
    bench.bank(0, CbAArch32.TLBIVA, 0x3);
    assertThat(read(0x10)).isEqualTo(0x8020_0010L);

    level1(0, 0x8030_0000 | SECTION);
    bench.bank(0, CbAArch32.CONTEXTIDR, 0x4);
    assertThat(read(0x10)).isEqualTo(0x8030_0010L);
    bench.bank(0, CbAArch32.CONTEXTIDR, 0x3);
    assertThat(read(0x10)).isEqualTo(0x8020_0010L);
    bench.bank(0, Cb.TLBIASID, 3);
    assertThat(read(0x10)).isEqualTo(0x8030_0010L);
  }

  @Test
  void whatIsNotMarkedNgHoldsUnderEveryAsid() {
    bench.bank(0, CbAArch32.CONTEXTIDR, 3);
    level1(0, 0x8010_0000 | (SECTION & ~(1 << 17)));
    assertThat(read(0x10)).isEqualTo(0x8010_0010L);
    level1(0, 0);

    bench.bank(0, CbAArch32.CONTEXTIDR, 4);
    bench.bank(0, Cb.TLBIASID, 3);

    assertThat(read(0x10)).isEqualTo(0x8010_0010L);
  }

  /** Tables of 1 KiB lie four in a page, and are told apart. */
  @Test
  void aTableIsRememberedUntilItsAddressIsInvalidated() {
    level1(1, (int) TABLE | 0b01);
    level2(0, 0x8000_5000 | SMALL);
    level2(1, 0x8000_6000 | SMALL);
    assertThat(read(0x0010_0000L)).isEqualTo(0x8000_5000L);
    level1(1, (int) TABLE + 0x400 | 0b01);
    bench.dram.putInt(TABLE + 0x400 + 4, 0x8000_7000 | SMALL);

    bench.bank(0, CbAArch32.TLBIVAL, 0x0010_1000);
    assertThat(read(0x0010_1000L)).isEqualTo(0x8000_6000L); // by the old table
    bench.bank(0, CbAArch32.TLBIVA, 0x0010_1000);
    assertThat(read(0x0010_1000L)).isEqualTo(0x8000_7000L);
  }

  @Test
  void softwareAsksIn32Bits() {
    level1(0xf00, 0x8010_0000 | SECTION);

    bench.bank(0, CbAArch32.ATS1PR, 0xf000_3000);
    assertThat(bench.bank(0, Cb.PAR)).isEqualTo(0x8010_3000L);
    bench.bank(0, CbAArch32.ATS1PR, 0xe000_3000);
    assertThat(bench.bank(0, Cb.PAR) & Cb.PAR_F).isEqualTo(Cb.PAR_F);
  }

  @Test
  void underStage2TheTablesToo() {
    // Stage 2 in bank 1, 39 bits from level 1: it moves everything by 1 GiB down.
    long second = 0x8090_0000L;
    bench.dram.putLong(second + 8 * 3, 0x8000_0000L | 0b01 | 3 << 6 | 1 << 10);
    bench.gr1(Gr1.CBA2R, 1, 1);
    bench.gr1(Gr1.CBAR, 1, 7);
    bench.bank(1, Cb.VTCR, 25 | 1 << 6 | 2 << 16);
    bench.bank(1, Cb.TTBR0, second);
    bench.bank(1, Cb.SCTLR, SCTLR);
    bench.gr1(Gr1.CBAR, 0, 3 << 16 | 1 << 8);
    bench.bank(0, CbAArch32.TTBR0, (int) (ROOT + 0x4000_0000L));
    level1(1, (int) (TABLE + 0x4000_0000L) | 0b01);
    level2(0, 0xc000_5000 | SMALL);

    assertThat(read(0x0010_0123L)).isEqualTo(0x8000_5123L);
  }

  private void start(int tcr) {
    start(tcr, SCTLR);
  }

  private void start(int tcr, int sctlr) {
    AArch32Bench.start(bench, tcr, sctlr);
    bench.bank(0, CbAArch32.TTBR0, (int) ROOT);
    bench.bank(0, CbAArch32.TTBR1, (int) UPPER_ROOT);
  }

  private void level1(int index, int descriptor) {
    bench.dram.putInt(ROOT + 4L * index, descriptor);
  }

  private void level2(int index, int descriptor) {
    bench.dram.putInt(TABLE + 4L * index, descriptor);
  }

  private long read(long iova) {
    return bench.translate(STREAM, iova, READ);
  }

  private int faultOf(long iova) {
    return faultOf(iova, READ);
  }

  private int faultOf(long iova, int access) {
    bench.bank(0, Cb.FSR, -1);
    assertThat(bench.translate(STREAM, iova, access)).isEqualTo(ABORT);
    return bench.bank(0, Cb.FSR);
  }

  private String rightsAt(long iova) {
    return may(iova, READ | PRIVILEGED, "r")
        + may(iova, WRITE | PRIVILEGED, "w")
        + " "
        + may(iova, READ, "r")
        + may(iova, WRITE, "w");
  }

  private String executes(long iova) {
    boolean privileged = !may(iova, READ | INSTRUCTION | PRIVILEGED, "x").equals("-");
    boolean everyone = !may(iova, READ | INSTRUCTION, "x").equals("-");
    return everyone ? (privileged ? "everybody" : "unprivileged") : privileged ? "?" : "nobody";
  }

  private String may(long iova, int access, String yes) {
    bench.bank(0, Cb.FSR, -1);
    return bench.translate(STREAM, iova, access) == ABORT ? "-" : yes;
  }
}
