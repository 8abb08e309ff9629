package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.SCTLR;
import static org.smmulator.regs.smmuv2.Cb.TCR;
import static org.smmulator.regs.smmuv2.Cb.TCR2;
import static org.smmulator.regs.smmuv2.Cb.TTBR0;
import static org.smmulator.regs.smmuv2.Cb.TTBR1;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * One context bank: its registers, and the translation that they describe.
 *
 * <p>Writing a register changes what later walks find, never what the TLB holds. CBAR and CBA2R
 * belong to the bank although software reaches them through {@link Gr1}.
 */
final class ContextBank {
  private static final int REGISTER_BYTES = 0x1000;

  private static final int SCTLR_IMPLEMENTED =
      Cb.SCTLR_M.mask()
          | Cb.SCTLR_TRE.mask()
          | Cb.SCTLR_AFE.mask()
          | Cb.SCTLR_E.mask()
          | Cb.SCTLR_CFRE.mask()
          | Cb.SCTLR_CFIE.mask()
          | Cb.SCTLR_CFCFG.mask()
          | Cb.SCTLR_HUPCF.mask()
          | Cb.SCTLR_S1_ASIDPNE.mask();

  /** Without IRPTNDX, which is an SMMUv1's: in an SMMUv2 each bank has a line of its own. */
  private static final int CBAR_IMPLEMENTED = ~Gr1.CBAR_IRPTNDX.mask();

  private static final int TCR2_IMPLEMENTED =
      Cb.TCR2_PASIZE.mask() | Cb.TCR2_AS.mask() | Cb.TCR2_SEP.mask();

  /** The top bit of an address by TCR2.SEP; the codes beyond these mean the incoming width. */
  private static final ImmutableIntArray SIGN_BITS = ImmutableIntArray.of(31, 35, 39, 41, 43);

  private static final long WRONG_KIND = Leaf.fault(Cb.FSR_TF.mask(), 0);

  private final SmmuV2Config config;
  private final Timebase timebase;
  private final BankTlb tlb;
  private final Stage1 stage1;
  private final ContextFaults faults;
  private final RegisterFile registers;

  private int cbar;
  private int cba2r;

  // What the registers come to, for the hot path.
  private boolean translating;
  private int signShift;

  ContextBank(
      int index, SmmuV2Config config, Timebase timebase, Tlb tlb, Stage1 stage1, IrqPin interrupt) {
    this.config = config;
    this.timebase = timebase;
    this.tlb = new BankTlb(tlb, index);
    this.stage1 = stage1;
    this.faults =
        new ContextFaults(
            index, timebase.doorbell("SMMU context bank " + index + " stalled"), interrupt);
    this.registers = declare();
    retarget();
  }

  private RegisterFile declare() {
    RegisterFile.Builder builder =
        RegisterFile.builder(REGISTER_BYTES)
            .onWrite(SCTLR, SCTLR_IMPLEMENTED, (i, value) -> control(value & SCTLR_IMPLEMENTED))
            .readWrite(Cb.ACTLR)
            .command(Cb.RESUME, faults::resume)
            .onWrite(TCR2, TCR2_IMPLEMENTED, (i, value) -> retarget())
            .onWrite(TTBR0, this::retarget)
            .onWrite(TTBR1, this::retarget)
            .onWrite(TCR, value -> retarget())
            .readWrite(Cb.CONTEXTIDR)
            .readWrite(Cb.MAIR0)
            .readWrite(Cb.MAIR1)
            .indexed(Cb.FSR, i -> faults.fsr(), (i, ones) -> faults.clear(ones))
            .readWrite(Cb.FAR)
            .readWrite(Cb.FSYNR0)
            .readWrite(Cb.FSYNR1)
            .onWrite(Cb.TLBIVA, () -> invalidateAddress(Cb.TLBIVA))
            .onWrite(Cb.TLBIVAL, () -> invalidateAddress(Cb.TLBIVAL))
            .command(Cb.TLBIASID, this::invalidateAsid)
            .command(Cb.TLBIALL, ignored -> invalidateAll())
            .readWrite(Cb.TLBSYNC, 0)
            .readOnly(Cb.TLBSTATUS);
    if (config.stage1().addressOps()) {
      builder.readWrite(Cb.PAR).onWrite(Cb.ATS1PR, this::translateForSoftware).readOnly(Cb.ATSR);
    }
    return builder.build();
  }

  /** The bank's own page of registers. */
  MmioTarget registers() {
    return registers;
  }

  ContextFaults faults() {
    return faults;
  }

  int cbar() {
    return cbar;
  }

  void setCbar(int value) {
    cbar = value & CBAR_IMPLEMENTED;
  }

  int cba2r() {
    return cba2r;
  }

  void setCba2r(int value) {
    cba2r = value & Gr1.CBA2R_VA64.mask();
  }

  /**
   * Translates a transaction of {@code streamId}, or refuses it.
   *
   * @param access with the privilege that the stream's S2CR gives it
   */
  long translate(int streamId, long incoming, int access) {
    if (!translating) {
      return incoming;
    }
    if (!faults.held()) {
      long iova = signExtend(incoming);
      long leaf = tlb.find(iova);
      if (leaf != Tlb.MISS && Leaf.allows(leaf, Leaf.rightsFor(access))) {
        timebase.consume(config.tlb().hitNs());
        return Leaf.pa(leaf, iova);
      }
    }
    return translateSlowly(streamId, signExtend(incoming), access);
  }

  /**
   * Writes TTBR0 and CONTEXTIDR as the command processor does. What the old table left in the TLB
   * stays until the command processor invalidates it.
   */
  void switchTable(long ttbr0, int contextIdr) {
    registers.set(TTBR0, ttbr0);
    registers.set(Cb.CONTEXTIDR, contextIdr);
    retarget();
  }

  void invalidateAsid(int value) {
    tlb.invalidateAsid(asid(value));
    timebase.consume(config.tlb().invalidateNs());
  }

  void invalidateAll() {
    tlb.invalidateAll();
    timebase.consume(config.tlb().invalidateNs());
  }

  private long translateSlowly(int streamId, long iova, int access) {
    while (faults.waitUntilReleased()) {
      long leaf = leafFor(iova);
      if (Leaf.isFault(leaf)) {
        if (!faults.raise(registers, leaf, iova, access, streamId)) {
          return faults.refusal();
        }
      } else if (!Leaf.allows(leaf, Leaf.rightsFor(access))) {
        if (!faults.raise(registers, permissionFault(iova, leaf), iova, access, streamId)) {
          return faults.refusal();
        }
      } else {
        return Leaf.pa(leaf, iova);
      }
    }
    return faults.refusal();
  }

  /** What the TLB has for {@code iova}, else what a walk finds and the TLB then keeps. */
  private long leafFor(long iova) {
    long found = tlb.find(iova);
    if (found != Tlb.MISS) {
      timebase.consume(config.tlb().hitNs());
      return found;
    }
    if (!readsStage1Tables()) {
      return WRONG_KIND;
    }
    long leaf = stage1.translate(registers, iova);
    timebase.consume(stage1.steps() * config.tlb().walkStepNs());
    if (!Leaf.isFault(leaf)) {
      tlb.fill(iova, leaf);
    }
    return leaf;
  }

  /** No other tables are modelled than AArch64 stage 1, and the ID registers say so. */
  private boolean readsStage1Tables() {
    return Gr1.CBA2R_VA64.isSet(cba2r)
        && Gr1.CBAR_TYPE.get(cbar) == Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS;
  }

  private long permissionFault(long iova, long leaf) {
    int level = stage1.levelOf(registers, iova, Leaf.shift(leaf));
    return Leaf.fault(Cb.FSR_PF.mask(), level);
  }

  private void translateForSoftware() {
    long iova = signExtend(registers.get(Cb.ATS1PR));
    long leaf = leafFor(iova);
    int rights = Leaf.rightsFor(BusMaster.READ | BusMaster.PRIVILEGED);
    if (!Leaf.isFault(leaf) && !Leaf.allows(leaf, rights)) {
      leaf = permissionFault(iova, leaf);
    }
    registers.set(
        Cb.PAR,
        Leaf.isFault(leaf)
            ? Cb.PAR_F | Integer.toUnsignedLong(Leaf.faultBits(leaf))
            : Leaf.pa(leaf, iova) & -4096L);
  }

  /** The page number is in bits 43:0, whose top bit is bit 55 of the address. */
  private void invalidateAddress(Reg64 register) {
    long value = registers.get(register);
    long iova = value << 20 >> 8;
    tlb.invalidateAddress(iova, asid((int) (value >>> Cb.TTBR_ASID_SHIFT)));
    timebase.consume(config.tlb().invalidateNs());
  }

  private void control(int sctlr) {
    translating = Cb.SCTLR_M.isSet(sctlr);
    faults.configure(sctlr);
  }

  /** Takes over what TCR, TCR2 and the TTBRs say now, except what each walk reads afresh. */
  private void retarget() {
    int sep = Cb.TCR2_SEP.get(registers.get(TCR2));
    int top = config.stage1().upstreamBits() - 1;
    signShift = 63 - (sep < SIGN_BITS.length() ? Math.min(SIGN_BITS.get(sep), top) : top);
    long ttbr = registers.get(Cb.TCR_A1.isSet(registers.get(TCR)) ? TTBR1 : TTBR0);
    tlb.select(asid((int) (ttbr >>> Cb.TTBR_ASID_SHIFT)));
  }

  private int asid(int value) {
    return value & (Cb.TCR2_AS.isSet(registers.get(TCR2)) ? 0xffff : 0xff);
  }

  private long signExtend(long incoming) {
    return incoming << signShift >> signShift;
  }
}
