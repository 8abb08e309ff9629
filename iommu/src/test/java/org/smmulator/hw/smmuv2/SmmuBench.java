package org.smmulator.hw.smmuv2;

import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * An SMMU on a bench: four banks, eight SMRs, ten stream id bits, 16 MiB of memory. Registers are
 * poked directly; tables are written by hand with {@link HandTables}.
 */
final class SmmuBench implements AutoCloseable {
  static final SmmuPages PAGES = new SmmuPages(12, 8);
  static final SmmuV2Config.Streams STREAMS = new SmmuV2Config.Streams(8, 10);
  static final SmmuV2Config.Banks BANKS = new SmmuV2Config.Banks(4, 0, PAGES);
  static final SmmuV2Config.Stage1 SPLIT =
      new SmmuV2Config.Stage1(
          49, 40, SmmuV2Config.Stage1.GRANULE_4K, SPLIT_TABLES, ADDRESS_OPS, COHERENT_WALK);
  static final SmmuV2Config.Costs TLB = new SmmuV2Config.Costs(Tlb.UNBOUNDED, 2, 20, 50);

  static final long MEMORY = 0x8000_0000L;
  static final int MEMORY_BYTES = 16 << 20;

  /** T0SZ and T1SZ 16, TG1 4 KiB: both halves on, 48 bits each. */
  static final int TCR_SPLIT = 0x8010_0010;

  static final int EPD0 = 1 << 7;
  static final int EPD1 = 1 << 23;

  /** PASIZE 40 bits, 16-bit ASIDs, sign extension from the incoming width. */
  static final int TCR2 = 0x3_8012;

  /** CFIE, CFRE, AFE, TRE, M, ASIDPNE and HUPCF: what the driver of an Adreno's SMMU writes. */
  static final int SCTLR = 0x1167;

  static final int STALL = 1 << 7;

  /** An interrupt line that remembers its level. */
  static final class Pin implements IrqPin {
    boolean high;

    @Override
    public void set(boolean asserted) {
      high = asserted;
    }
  }

  final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final SmmuV2 smmu;
  final Pin global = new Pin();
  final ImmutableList<Pin> context;
  private final MmioTarget mmio;

  SmmuBench() throws DramUnavailableException {
    this(new SmmuV2Config(STREAMS, BANKS, SPLIT, TLB));
  }

  SmmuBench(SmmuV2Config config) throws DramUnavailableException {
    this(config, config.banks().count());
  }

  SmmuBench(SmmuV2Config config, int interrupts) throws DramUnavailableException {
    context = Stream.generate(Pin::new).limit(interrupts).collect(ImmutableList.toImmutableList());
    dram = new Dram(ImmutableList.of(new DramBank(MEMORY, MEMORY_BYTES)));
    smmu = new SmmuV2(config, time, dram, global, ImmutableList.copyOf(context));
    mmio = smmu.mmio();
  }

  HandTables tables() {
    return new HandTables(dram, MEMORY + MEMORY_BYTES / 2);
  }

  int read(Reg32 reg) {
    return mmio.read32(reg.offset());
  }

  long read(Reg64 reg) {
    return mmio.read64(reg.offset());
  }

  void write(Reg32 reg, int value) {
    mmio.write32(reg.offset(), value);
  }

  int gr0(Reg32 reg, int index) {
    return mmio.read32(reg.offset(index));
  }

  void gr0(Reg32 reg, int index, int value) {
    mmio.write32(reg.offset(index), value);
  }

  int gr1(Reg32 reg, int index) {
    return mmio.read32(PAGES.gr1Offset() + reg.offset(index));
  }

  void gr1(Reg32 reg, int index, int value) {
    mmio.write32(PAGES.gr1Offset() + reg.offset(index), value);
  }

  int bank(int bank, Reg32 reg) {
    return mmio.read32(PAGES.bankOffset(bank) + reg.offset());
  }

  void bank(int bank, Reg32 reg, int value) {
    mmio.write32(PAGES.bankOffset(bank) + reg.offset(), value);
  }

  long bank(int bank, Reg64 reg) {
    return mmio.read64(PAGES.bankOffset(bank) + reg.offset());
  }

  void bank(int bank, Reg64 reg, long value) {
    mmio.write64(PAGES.bankOffset(bank) + reg.offset(), value);
  }

  /** Writes a register of 64 bits by halves, the high one first. */
  void halves(int bank, Reg64 reg, long value) {
    mmio.write32(PAGES.bankOffset(bank) + reg.offset() + 4, (int) (value >>> 32));
    mmio.write32(PAGES.bankOffset(bank) + reg.offset(), (int) value);
  }

  /** Lets client transactions in, with faults reported and unknown streams refused. */
  void enable() {
    write(Gr0.SCR0, 0x436);
  }

  /** Sends the streams that equal {@code id} outside {@code mask} to {@code bank}, by SMR. */
  void route(int smr, int id, int mask, int bank) {
    gr0(Gr0.SMR, smr, 1 << 31 | mask << 16 | id);
    gr0(Gr0.S2CR, smr, bank);
  }

  /** Turns a bank on as the driver does. */
  void start(int bank, long ttbr0, long ttbr1, int tcr, int sctlr) {
    gr1(Gr1.CBA2R, bank, 1);
    gr1(Gr1.CBAR, bank, 0x1_f300);
    bank(bank, Cb.TCR2, TCR2);
    bank(bank, Cb.TCR, tcr);
    bank(bank, Cb.TTBR0, ttbr0);
    bank(bank, Cb.TTBR1, ttbr1);
    bank(bank, Cb.SCTLR, sctlr);
  }

  long translate(int streamId, long iova, int access) {
    return smmu.translate(streamId, NO_SUBSTREAM, iova, access);
  }

  @Override
  public void close() {
    time.close();
    dram.close();
  }
}
