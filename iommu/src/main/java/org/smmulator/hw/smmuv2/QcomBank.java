package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.SCTLR;
import static org.smmulator.regs.smmuv2.Cb.TTBR0;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * A context bank of a {@link QcomIommu}: stage 1 by AArch32 long descriptors, no nesting. Arm ARM
 * (ARMv7-A), B3.6: the descriptors are those of AArch64, the walk begins at level 1 or 2, and XN
 * stands where UXN does.
 */
final class QcomBank {
  private static final int REGISTER_BYTES = 0x1000;
  private static final int GRANULE_SHIFT = 12;
  private static final int LEVEL_1_SHIFT = 30;
  private static final int OUTPUT_BITS = 40;
  private static final int ASID_MASK = 0xff;
  private static final long IOVA = 0xffff_ffffL;
  private static final long NOTHING_THERE = Leaf.fault(Cb.FSR_TF.mask(), 1);

  private final SmmuV2Config.Tlb timing;
  private final Timebase timebase;
  private final BankTlb tlb;
  private final Walker walker;
  private final TableShape shape = new TableShape();
  private final ContextFaults faults;
  private final RegisterFile registers;
  private boolean translating;

  QcomBank(SmmuV2Config.Tlb timing, Timebase timebase, Dram dram, BankTlb tlb, IrqPin interrupt) {
    this.timing = timing;
    this.timebase = timebase;
    this.tlb = tlb;
    this.walker = new Walker(dram, Walker.Format.STAGE_1);
    this.faults =
        new ContextFaults(
            timebase.doorbell("a context bank to resume"), interrupt, Cb.FSR_FORMAT_AARCH32_L);
    this.registers = declare();
  }

  private RegisterFile declare() {
    return RegisterFile.builder(REGISTER_BYTES)
        .onWrite(SCTLR, this::control)
        .readWrite(Cb.ACTLR)
        .command(Cb.RESUME, faults::resume)
        .readWrite(Cb.TCR2)
        .onWrite(TTBR0, () -> tlb.select(asid(registers().get(TTBR0))))
        .readWrite(Cb.TTBR1)
        .readWrite(CbAArch32.TCR)
        .readWrite(Cb.CONTEXTIDR)
        .readWrite(Cb.MAIR0)
        .readWrite(Cb.MAIR1)
        .indexed(Cb.FSR, i -> faults.fsr(), (i, ones) -> faults.clear(ones))
        .readWrite(Cb.FAR)
        .readWrite(Cb.FSYNR0)
        .readWrite(Cb.FSYNR1)
        .command(CbAArch32.TLBIVA, this::invalidateAddress)
        .command(CbAArch32.TLBIVAL, this::invalidateLeaf)
        .command(Cb.TLBIASID, this::invalidateAsid)
        .command(Cb.TLBIALL, ignored -> invalidateAll())
        .readWrite(Cb.TLBSYNC, 0)
        .readOnly(Cb.TLBSTATUS)
        .build();
  }

  private RegisterFile registers() {
    return registers;
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
    long found = tlb.find(iova);
    if (found != Tlb.MISS) {
      timebase.consume(timing.hitNs());
      return found;
    }
    long leaf = walk(iova);
    timebase.consume(walker.steps() * timing.walkStepNs());
    if (!Leaf.isFault(leaf)) {
      tlb.fill(iova, leaf);
    }
    return leaf;
  }

  private long walk(long iova) {
    int tcr = registers.get(CbAArch32.TCR);
    int inputBits = 32 - CbAArch32.TCR_T0SZ.get(tcr);
    if (!CbAArch32.TCR_EAE.isSet(tcr) || CbAArch32.TCR_EPD0.isSet(tcr) || iova >>> inputBits != 0) {
      return NOTHING_THERE;
    }
    int level = inputBits > LEVEL_1_SHIFT ? 1 : 2;
    shape.open(registers.get(TTBR0), inputBits, level, GRANULE_SHIFT, OUTPUT_BITS);
    return walker.walk(shape, iova, tlb, null);
  }

  private static long checked(long leaf, int access) {
    if (Leaf.isFault(leaf) || Leaf.allows(leaf, Leaf.rightsFor(access))) {
      return leaf;
    }
    int level = 3 - (Leaf.shift(leaf) - GRANULE_SHIFT) / 9;
    return Leaf.fault(Cb.FSR_PF.mask(), level);
  }

  private void control(int sctlr) {
    translating = Cb.SCTLR_M.isSet(sctlr);
    faults.configure(sctlr);
  }

  private void invalidateAddress(int value) {
    tlb.invalidateAddress(iovaOf(value), spaceOf(value));
    timebase.consume(timing.invalidateNs());
  }

  private void invalidateLeaf(int value) {
    tlb.invalidateLeaf(iovaOf(value), spaceOf(value));
    timebase.consume(timing.invalidateNs());
  }

  private void invalidateAsid(int value) {
    tlb.invalidateSpace(AsidTags.space(0, value & ASID_MASK));
    timebase.consume(timing.invalidateNs());
  }

  private void invalidateAll() {
    tlb.invalidateAll();
    timebase.consume(timing.invalidateNs());
  }

  private static long iovaOf(int value) {
    return Integer.toUnsignedLong(value & CbAArch32.TLBIVA_VA.mask());
  }

  private static int spaceOf(int value) {
    return AsidTags.space(0, CbAArch32.TLBIVA_ASID.get(value));
  }

  private static int asid(long ttbr) {
    return AsidTags.space(0, (int) (ttbr >>> Cb.TTBR_ASID_SHIFT) & ASID_MASK);
  }
}
