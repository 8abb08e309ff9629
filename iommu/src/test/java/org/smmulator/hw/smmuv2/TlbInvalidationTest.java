package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;
import static org.smmulator.hw.vmsa.HandTables.BLOCK;
import static org.smmulator.hw.vmsa.HandTables.NOT_GLOBAL;
import static org.smmulator.hw.vmsa.HandTables.PAGE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/** A stale translation stays until the right invalidation, and no other takes it away. */
class TlbInvalidationTest {
  private static final int STREAM = 5;
  private static final int OTHER_STREAM = 6;
  private static final long IOVA = 0x1_0000_4000L;
  private static final long KERNEL_IOVA = 0xffff_0000_0000_1000L;
  private static final long OLD = 0x8000_1000L;
  private static final long NEW = 0x8000_2000L;
  private static final long ASID_3 = 3L << 48;
  private static final int A1 = 1 << 22;

  private final SmmuBench bench;
  private final HandTables tables;
  private final long root;
  private final long upper;

  TlbInvalidationTest() throws DramUnavailableException {
    bench = new SmmuBench();
    tables = bench.tables();
    root = tables.table();
    upper = tables.table();
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    bench.route(1, OTHER_STREAM, 0, 1);
    bench.start(0, root | ASID_3, upper | ASID_3, TCR_SPLIT, SCTLR);
    bench.start(1, root | ASID_3, upper | ASID_3, TCR_SPLIT, SCTLR);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anAddressIsInvalidatedUnderEveryAsidOfItsBank() {
    for (Reg64 byAddress : new Reg64[] {Cb.TLBIVAA, Cb.TLBIVAAL}) {
      bench.bank(0, Cb.TLBIALL, 0);
      remap(IOVA, OLD, NEW);
      assertThat(read(IOVA)).isEqualTo(OLD);

      bench.bank(1, byAddress, IOVA >> 12);
      bench.bank(0, byAddress, (IOVA >> 12) + 1);
      assertThat(read(IOVA)).isEqualTo(OLD);
      bench.bank(0, byAddress, IOVA >> 12 | 5L << 48); // the ASID is ignored
      assertThat(read(IOVA)).isEqualTo(NEW);
    }
  }

  @Test
  void aChangedTableIsNotSeenUntilItsAddressIsInvalidated() {
    for (Reg64 byAddress : new Reg64[] {Cb.TLBIVA, Cb.TLBIVAL}) {
      remap(IOVA, OLD, NEW);
      assertThat(read(IOVA)).isEqualTo(OLD);

      bench.bank(0, byAddress, IOVA >> 12 | ASID_3);

      assertThat(read(IOVA)).isEqualTo(NEW);
      bench.bank(0, Cb.TLBIALL, 0);
    }
  }

  @Test
  void anUnmappedPageIsReachableUntilInvalidated() {
    tables.map(root, IOVA, OLD);
    assertThat(read(IOVA)).isEqualTo(OLD);
    tables.put(root, IOVA, 3, 0);
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.bank(0, Cb.TLBIVAL, IOVA >> 12 | ASID_3);

    assertThat(read(IOVA)).isEqualTo(ABORT);
  }

  @Test
  void theWrongInvalidationsLeaveItAsItIs() {
    remap(IOVA, OLD, NEW);

    bench.bank(0, Cb.TLBIVA, (IOVA + 0x1000) >> 12 | ASID_3);
    bench.bank(0, Cb.TLBIVA, IOVA >> 12 | 4L << 48);
    bench.bank(0, Cb.TLBIASID, 4);
    bench.bank(1, Cb.TLBIVA, IOVA >> 12 | ASID_3);
    bench.bank(1, Cb.TLBIASID, 3);
    bench.bank(1, Cb.TLBIALL, 0);
    bench.write(Gr0.TLBIALLH, -1);
    bench.write(Gr0.TLBIVMID, 7);
    bench.bank(0, Cb.TLBSYNC, -1);
    bench.bank(0, Cb.TTBR0, root | ASID_3);

    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  @Test
  void eachWiderInvalidationTakesItAway() {
    remap(IOVA, OLD, NEW);
    bench.bank(0, Cb.TLBIASID, 3);
    assertThat(read(IOVA)).isEqualTo(NEW);

    remap(IOVA, NEW, OLD);
    bench.bank(0, Cb.TLBIALL, 0);
    assertThat(read(IOVA)).isEqualTo(OLD);

    remap(IOVA, OLD, NEW);
    bench.write(Gr0.TLBIALLNSNH, -1);
    assertThat(read(IOVA)).isEqualTo(NEW);

    remap(IOVA, NEW, OLD);
    bench.gr1(Gr1.CBAR, 0, 0x1_f307);
    bench.write(Gr0.TLBIVMID, 7);
    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  @Test
  void aBlockGoesByAnyAddressInIt() {
    tables.put(root, 0x1_0020_0000L, 2, 0x8020_0000L | BLOCK);
    assertThat(read(0x1_0020_5000L)).isEqualTo(0x8020_5000L);
    tables.put(root, 0x1_0020_0000L, 2, 0);

    bench.bank(0, Cb.TLBIVAL, 0x1_003f_f000L >> 12 | ASID_3);

    assertThat(read(0x1_0020_5000L)).isEqualTo(ABORT);
  }

  @Test
  void theUpperHalfIsInvalidatedByItsPageNumberToo() {
    tables.map(upper, KERNEL_IOVA, OLD);
    assertThat(read(KERNEL_IOVA)).isEqualTo(OLD);
    tables.put(upper, KERNEL_IOVA, 3, 0);

    bench.bank(0, Cb.TLBIVAL, (KERNEL_IOVA >>> 12 & 0xfff_ffff_ffffL) | ASID_3);

    assertThat(read(KERNEL_IOVA)).isEqualTo(ABORT);
  }

  @Test
  void aPageNumberThatRunsIntoTheAsidInvalidatesAnotherAsid() {
    remapUpper();

    // 0xffff_0000_0000_1000 >>> 12 has bits 51:48 set: the register reads them as ASID 0xf.
    bench.bank(0, Cb.TLBIVAL, KERNEL_IOVA >>> 12 | ASID_3);

    assertThat(read(KERNEL_IOVA)).isEqualTo(OLD);
  }

  @Test
  void asidsKeepTwoTablesApartWithoutInvalidation() {
    long second = tables.table();
    tables.map(root, IOVA, OLD);
    tables.map(second, IOVA, NEW);
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.bank(0, Cb.TTBR0, second | 4L << 48);
    assertThat(read(IOVA)).isEqualTo(NEW);

    tables.put(root, IOVA, 3, 0);
    bench.bank(0, Cb.TTBR0, root | ASID_3);
    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  @Test
  void theSameAsidInAnotherBankIsAnotherAsid() {
    remap(IOVA, OLD, NEW);

    assertThat(bench.translate(OTHER_STREAM, IOVA, READ)).isEqualTo(NEW);
    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  @Test
  void aGlobalPageHoldsUnderEveryAsidAndIgnoresTlbiasid() {
    tables.put(root, IOVA, 3, OLD | (PAGE & ~NOT_GLOBAL));
    assertThat(read(IOVA)).isEqualTo(OLD);
    tables.put(root, IOVA, 3, 0);

    bench.bank(0, Cb.TTBR0, root | 9L << 48);
    assertThat(read(IOVA)).isEqualTo(OLD);
    bench.bank(0, Cb.TLBIASID, 9);
    bench.bank(0, Cb.TLBIASID, 3);
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.bank(0, Cb.TLBIVA, IOVA >> 12 | 9L << 48);
    assertThat(read(IOVA)).isEqualTo(ABORT);
  }

  @Test
  void withA1TheAsidComesFromTtbr1() {
    bench.start(0, root | 1L << 48, upper | 2L << 48, TCR_SPLIT | A1, SCTLR);
    remap(IOVA, OLD, NEW);

    bench.bank(0, Cb.TLBIASID, 1);
    assertThat(read(IOVA)).isEqualTo(OLD);
    bench.bank(0, Cb.TLBIASID, 2);
    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  @Test
  void withEightBitAsidsTheUpperByteIsNotThere() {
    bench.bank(0, Cb.TCR2, SmmuBench.TCR2 & ~(1 << 4));
    remap(IOVA, OLD, NEW);

    bench.bank(0, Cb.TLBIASID, 0xff03);

    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  @Test
  void theCommandProcessorSwitchesThenForgetsTheOldTableAndTheUpperHalfStays() {
    long second = tables.table();
    tables.map(root, IOVA, OLD);
    tables.map(second, IOVA, NEW);
    tables.map(upper, KERNEL_IOVA, 0x8000_5000L);
    assertThat(read(IOVA)).isEqualTo(OLD);
    assertThat(read(KERNEL_IOVA)).isEqualTo(0x8000_5000L);

    bench.smmu.switchTable(0, second | ASID_3, 0x77);
    assertThat(read(IOVA)).isEqualTo(OLD);
    bench.smmu.invalidateAsid(0, 3);

    assertThat(bench.bank(0, Cb.TTBR0)).isEqualTo(second | ASID_3);
    assertThat(bench.bank(0, Cb.CONTEXTIDR)).isEqualTo(0x77);
    assertThat(read(IOVA)).isEqualTo(NEW);
    assertThat(read(KERNEL_IOVA)).isEqualTo(0x8000_5000L);
  }

  @Test
  void aTtbrWrittenThroughTheRegisterForgetsNothing() {
    long second = tables.table();
    tables.map(root, IOVA, OLD);
    tables.map(second, IOVA, NEW);
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.bank(0, Cb.TTBR0, second | ASID_3);

    assertThat(read(IOVA)).isEqualTo(OLD);
  }

  private void remap(long iova, long from, long to) {
    tables.map(root, iova, from);
    assertThat(read(iova)).isEqualTo(from);
    tables.map(root, iova, to);
  }

  private void remapUpper() {
    tables.map(upper, KERNEL_IOVA, OLD);
    assertThat(read(KERNEL_IOVA)).isEqualTo(OLD);
    tables.map(upper, KERNEL_IOVA, NEW);
  }

  private long read(long iova) {
    return bench.translate(STREAM, iova, READ);
  }
}
