package org.smmulator.hw.qcom;

import static org.smmulator.regs.smmuv2.Cb.SCTLR;
import static org.smmulator.regs.smmuv2.Cb.TTBR0;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.BankSpaces;
import org.smmulator.hw.smmuv2.ContextFaults;
import org.smmulator.hw.smmuv2.Invalidations;
import org.smmulator.hw.smmuv2.Invalidations.Kind;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv2.Stage;
import org.smmulator.hw.smmuv2.Stage1Long;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.hw.vmsa.Walker;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * A context bank of a {@link QcomIommu}: stage 1 by AArch32 long descriptors, no nesting, and one
 * table: TTBR0's.
 */
final class QcomBank {
  private static final int REGISTER_BYTES = 0x1000;
  private static final int OUTPUT_BITS = 40;
  private static final int ASID_MASK = 0xff;
  private static final long IOVA = 0xffff_ffffL;
  private static final long NOTHING_THERE = Leaf.fault(Leaf.TRANSLATION, 1);

  private final int number;
  private final SmmuV2Config.Costs timing;
  private final Timebase timebase;
  private final Tlb tlb;
  private final BankSpaces spaces;
  private final Walker walker;
  private final Invalidations invalidations;
  private final Stage stage;
  private @Nullable Tables tables;
  private final ContextFaults faults;
  private final RegisterFile registers;
  private boolean translating;

  /** The parts that all banks of an instance share. */
  record Shared(
      SmmuV2Config.Costs timing,
      Timebase timebase,
      Dram dram,
      Tlb tlb,
      Invalidations invalidations) {}

  QcomBank(int number, Shared shared, BankSpaces spaces, IrqPin interrupt) {
    this.number = number;
    this.timing = shared.timing();
    this.timebase = shared.timebase();
    this.tlb = shared.tlb();
    this.spaces = spaces;
    this.walker = new Walker(shared.dram(), tlb);
    this.invalidations = shared.invalidations();
    this.stage = new Stage1Long(OUTPUT_BITS);
    this.faults = new ContextFaults(timebase.doorbell("a context bank to resume"), interrupt);
    faults.setFormat(Cb.FSR_FORMAT_AARCH32_L);
    this.registers = declare();
  }

  private RegisterFile declare() {
    return RegisterFile.builder(REGISTER_BYTES)
        .onWrite(SCTLR, this::control)
        .readWrite(Cb.ACTLR)
        .command(Cb.RESUME, faults::resume)
        .readWrite(Cb.TCR2)
        .onWrite(TTBR0, this::retarget)
        .readWrite(Cb.TTBR1)
        .onWrite(CbAArch32.TCR, value -> retarget())
        .readWrite(Cb.CONTEXTIDR)
        .readWrite(Cb.MAIR0)
        .readWrite(Cb.MAIR1)
        .indexed(Cb.FSR, i -> faults.fsr(), (i, ones) -> faults.clear(ones))
        .readWrite(Cb.FAR)
        .readWrite(Cb.FSYNR0)
        .readWrite(Cb.FSYNR1)
        .command(CbAArch32.TLBIVA, value -> invalidate(Kind.ADDRESS, value))
        .command(CbAArch32.TLBIVAL, value -> invalidate(Kind.LEAF, value))
        .command(Cb.TLBIASID, value -> invalidations.post(Kind.ASID, number, space(value), 0))
        .command(Cb.TLBIALL, ignored -> invalidations.post(Kind.BANK, number, space(0), 0))
        .command(Cb.TLBSYNC, ignored -> invalidations.startSync(number))
        .onRead(
            Cb.TLBSTATUS, () -> invalidations.isSyncing(number) ? Cb.TLBSTATUS_SACTIVE.mask() : 0)
        .build();
  }

  MmioTarget mmio() {
    return registers;
  }

  /** Translates a transaction, or refuses it. */
  long translate(int streamId, long incoming, int access) {
    if (!translating) {
      return incoming;
    }
    long iova = incoming & IOVA;
    while (faults.waitUntilReleased()) {
      long leaf = checked(leafFor(iova), access);
      if (!Leaf.isFault(leaf)) {
        return Leaf.pa(leaf, iova);
      }
      if (!faults.raise(registers, leaf, iova, access, streamId, 0)) {
        break;
      }
    }
    return faults.refusal();
  }

  private long leafFor(long iova) {
    long found = tlb.find(spaces.current(), iova);
    if (found != Leaf.MISS) {
      timebase.consume(timing.hitNs());
      return found;
    }
    Tables described = tables();
    long leaf = walk(described, iova);
    timebase.consume(walker.steps() * timing.walkStepNs());
    if (!Leaf.isFault(leaf)) {
      tlb.fill(spaces.current(), iova, leaf, described);
    }
    return leaf;
  }

  private long walk(Tables described, long iova) {
    boolean isLong = CbAArch32.TCR_EAE.isSet(registers.get(CbAArch32.TCR));
    return isLong && described.cover(iova)
        ? walker.walk(described, spaces.current(), iova, 0, null)
        : NOTHING_THERE;
  }

  private Tables tables() {
    Tables described = tables;
    if (described == null) {
      described = stage.describe(registers, false);
      tables = described;
    }
    return described;
  }

  private long checked(long leaf, int access) {
    if (Leaf.isFault(leaf) || Leaf.allows(leaf, Leaf.rightsFor(access))) {
      return leaf;
    }
    return Leaf.fault(Leaf.PERMISSION, tables().levelOf(Leaf.shift(leaf)));
  }

  /** Takes over what the registers say now. */
  private void retarget() {
    tables = null;
    spaces.select(space((int) (registers.get(TTBR0) >>> Cb.TTBR_ASID_SHIFT)));
  }

  private void control(int sctlr) {
    translating = Cb.SCTLR_M.isSet(sctlr);
    faults.configure(sctlr);
  }

  private void invalidate(Kind kind, int value) {
    long iova = Integer.toUnsignedLong(value & CbAArch32.TLBIVA_VA.mask());
    invalidations.post(kind, number, space(CbAArch32.TLBIVA_ASID.get(value)), iova);
  }

  /** The banks have no VMIDs. */
  private static long space(int asid) {
    return BankSpaces.id(0, asid & ASID_MASK);
  }
}
