package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.SCTLR;
import static org.smmulator.regs.smmuv2.Cb.TCR;
import static org.smmulator.regs.smmuv2.Cb.TCR2;
import static org.smmulator.regs.smmuv2.Cb.TTBR0;
import static org.smmulator.regs.smmuv2.Cb.TTBR1;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.smmuv2.Invalidations.Kind;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * One context bank: its registers, and the translation that they describe.
 *
 * <p>CBAR says which stage the bank does. A stage-1 bank may name another that does stage 2 for it:
 * then the tables' own addresses and what leaves stage 1 go through that one, and each keeps its
 * own TLB entries and its own faults.
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

  private static final int S1CBNDX_SHIFT = 16;
  private static final int ASID_MASK_8 = 0xff;
  private static final int ASID_MASK_16 = 0xffff;

  private static final long WRONG_KIND = Leaf.fault(Cb.FSR_TF.mask(), 0);

  private final int index;
  private final SmmuV2Config config;
  private final long hitNs;
  private final long walkStepNs;
  private final Timebase timebase;
  private final BankTlb tlb;
  private final Stage stage1;
  private final Stage stage2;
  private final IntFunction<@Nullable ContextBank> banks;
  private final Invalidations invalidations;
  private final @Nullable Mmu500 mmu500;
  private final AddressOp softwareOp;
  private final ContextFaults faults;
  private final RegisterFile registers;
  private final Walker.TableMemory tablesThroughSecond = this::locateTable;
  private final TableShape lower = new TableShape();
  private final TableShape upper = new TableShape();

  private int cbar;
  private int cba2r;
  private int actlr;

  // What the registers come to, for the hot path.
  private boolean translating;
  private boolean direct;
  private int signShift;
  private long widthMask;
  private long signBit;
  private boolean isSecond;
  private @Nullable Stage stage;
  private boolean shapesStale;
  private @Nullable ContextBank second;

  // Whose fault the last translation was, and what its syndrome adds.
  private ContextBank blamed = this;
  private int detail;

  // What the last lookup took.
  private long costNs;

  /** What all banks of an SMMU share. */
  record Shared(
      SmmuV2Config config,
      Timebase timebase,
      Stage1 stage1,
      Stage2 stage2,
      IntFunction<@Nullable ContextBank> banks,
      Invalidations invalidations,
      @Nullable Mmu500 mmu500) {}

  ContextBank(int index, Shared shared, BankTlb tlb, IrqPin interrupt) {
    this.index = index;
    this.config = shared.config();
    this.hitNs = config.tlb().hitNs();
    this.walkStepNs = config.tlb().walkStepNs();
    this.timebase = shared.timebase();
    this.tlb = tlb;
    this.stage1 = shared.stage1();
    this.stage2 = shared.stage2();
    this.banks = shared.banks();
    this.invalidations = shared.invalidations();
    this.mmu500 = shared.mmu500();
    this.softwareOp = new AddressOp(timebase);
    this.actlr = mmu500 == null ? 0 : Mmu500.FRESH_ACTLR;
    this.faults =
        new ContextFaults(timebase.doorbell("SMMU context bank " + index + " stalled"), interrupt);
    this.registers = declare();
    retarget();
  }

  private RegisterFile declare() {
    RegisterFile.Builder builder =
        RegisterFile.builder(REGISTER_BYTES)
            .onWrite(SCTLR, SCTLR_IMPLEMENTED, (i, value) -> control(value & SCTLR_IMPLEMENTED))
            .indexed(Cb.ACTLR, i -> actlr, (i, value) -> setActlr(value))
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
            .readWrite(Cb.IPAFAR)
            .onWrite(Cb.TLBIVA, () -> invalidateIova(Cb.TLBIVA, Kind.ADDRESS))
            .onWrite(Cb.TLBIVAL, () -> invalidateIova(Cb.TLBIVAL, Kind.LEAF))
            .onWrite(Cb.TLBIIPAS2, () -> invalidateIpa(Cb.TLBIIPAS2, Kind.ADDRESS))
            .onWrite(Cb.TLBIIPAS2L, () -> invalidateIpa(Cb.TLBIIPAS2L, Kind.LEAF))
            .command(Cb.TLBIASID, this::invalidateAsidByRegister)
            .command(Cb.TLBIALL, ignored -> invalidations.post(Kind.BANK, index, space(0), 0))
            .command(Cb.TLBSYNC, ignored -> invalidations.startSync(index))
            .onRead(
                Cb.TLBSTATUS,
                () -> invalidations.isSyncing(index) ? Cb.TLBSTATUS_SACTIVE.mask() : 0);
    if (config.stage1().addressOps()) {
      builder
          .readWrite(Cb.PAR)
          .onWrite(Cb.ATS1PR, this::translateForSoftware)
          .onRead(Cb.ATSR, () -> softwareOp.isActive() ? Cb.ATSR_ACTIVE.mask() : 0);
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
    if (index < config.banks().stage2Only()) {
      cbar &= ~Gr1.CBAR_TYPE.mask(); // which is what S2_TRANS reads as
    }
    retarget();
  }

  int cba2r() {
    return cba2r;
  }

  void setCba2r(int value) {
    cba2r = value & Gr1.CBA2R_VA64.mask();
    retarget();
  }

  /** Power is gone, and comes back with every register zero. */
  void reset() {
    registers.clear();
    cbar = 0;
    cba2r = 0;
    actlr = mmu500 == null ? 0 : Mmu500.FRESH_ACTLR;
    softwareOp.reset();
    tlb.invalidateAll();
    translating = false;
    faults.reset();
    retarget();
  }

  /**
   * Translates a transaction of {@code streamId}, or refuses it.
   *
   * @param access with the privilege that the stream's S2CR gives it
   */
  long translate(int streamId, long incoming, int access) {
    if (direct && !faults.held()) {
      // Wrong if it is wider than the bus and has no sign; then it is not found here.
      long iova = incoming << signShift >> signShift;
      long leaf = tlb.findInFront(iova);
      if (leaf != Tlb.MISS && Leaf.allows(leaf, Leaf.rightsFor(access))) {
        timebase.consume(hitNs);
        return Leaf.pa(leaf, iova);
      }
    }
    return translateFully(streamId, translating ? signExtend(incoming) : incoming, access);
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

  /** Forgets an ASID at once, as the command processor has it done. */
  void invalidateAsid(int value) {
    tlb.invalidateSpace(space(value));
    timebase.consume(config.tlb().invalidateNs());
  }

  private long translateFully(int streamId, long iova, int access) {
    while (isReleased()) {
      long answer = resolve(iova, access);
      if (!Leaf.isFault(answer)) {
        boolean drops = Cb.ACTLR_PRR.isSet(actlr) && mmu500 != null && mmu500.isNotResident(answer);
        return drops ? Translator.RAZ_WI : answer;
      }
      ContextBank at = blamed;
      if (!at.faults.raise(at.registers, answer, iova, access, streamId, detail)) {
        return at.faults.refusal();
      }
    }
    return faults.refusal();
  }

  private boolean isReleased() {
    return faults.waitUntilReleased() && (second == null || second.faults.waitUntilReleased());
  }

  /** Goes through the stages that are on; an address, or the fault of {@link #blamed}. */
  private long resolve(long iova, int access) {
    int rights = Leaf.rightsFor(access);
    long ipa = iova;
    if (translating) {
      blame(this, isSecond ? 0 : index << S1CBNDX_SHIFT);
      long leaf = checked(iova, leafFor(iova), rights);
      if (Leaf.isFault(leaf)) {
        return leaf;
      }
      ipa = Leaf.pa(leaf, iova);
    }
    return second == null ? ipa : throughSecond(second, ipa, rights, 0);
  }

  /** The second stage for {@code ipa}; if it refuses, it is blamed. */
  private long throughSecond(ContextBank bank, long ipa, int rights, int why) {
    if (!bank.translating) {
      return ipa;
    }
    long leaf = bank.checked(ipa, bank.leafFor(ipa), rights);
    if (Leaf.isFault(leaf)) {
      if (!bank.faults.isOutstanding()) {
        bank.registers.set(Cb.IPAFAR, ipa);
      }
      blame(bank, index << S1CBNDX_SHIFT | why);
      return leaf;
    }
    return Leaf.pa(leaf, ipa);
  }

  /** Where a table of stage 1 lies whose address goes through stage 2. */
  private long locateTable(long ipa) {
    ContextBank bank = second;
    return bank == null ? ipa : throughSecond(bank, ipa, Leaf.READ, Cb.FSYNR0_S1PTWF.mask());
  }

  private void blame(ContextBank bank, int syndrome) {
    blamed = bank;
    detail = syndrome;
  }

  /** What the TLB has for {@code address}, else what a walk finds and the TLB then keeps. */
  private long leafFor(long address) {
    long leaf = leafAndCostFor(address);
    timebase.consume(costNs);
    return leaf;
  }

  private long leafAndCostFor(long address) {
    long found = tlb.find(address);
    if (found != Tlb.MISS) {
      costNs = hitNs;
      return found;
    }
    costNs = 0;
    Stage walks = stage;
    if (walks == null) {
      return WRONG_KIND;
    }
    TableShape shape = shapeFor(walks, address);
    if (!shape.covers(address)) {
      return Leaf.fault(Cb.FSR_TF.mask(), shape.usable ? 0 : shape.startLevel);
    }
    Walker walker = walks.walker();
    long leaf = walker.walk(shape, address, tlb, second == null ? null : tablesThroughSecond);
    costNs = walker.steps() * walkStepNs;
    if (!Leaf.isFault(leaf)) {
      tlb.fill(address, leaf);
    }
    return leaf;
  }

  private TableShape shapeFor(Stage walks, long address) {
    if (shapesStale) {
      walks.describe(registers, false, lower);
      walks.describe(registers, true, upper);
      shapesStale = false;
    }
    return address < 0 ? upper : lower;
  }

  /** {@code leaf}, or the fault of one that does not grant {@code rights}. */
  private long checked(long address, long leaf, int rights) {
    if (Leaf.isFault(leaf) || Leaf.allows(leaf, rights)) {
      return leaf;
    }
    int level = stage == null ? 0 : shapeFor(stage, address).levelOf(Leaf.shift(leaf));
    return Leaf.fault(Cb.FSR_PF.mask(), level);
  }

  /** It takes what a transaction would; the answer is no good before. */
  private void translateForSoftware() {
    invalidations.settle();
    long iova = signExtend(registers.get(Cb.ATS1PR));
    int rights = Leaf.rightsFor(BusMaster.READ | BusMaster.PRIVILEGED);
    long leaf = checked(iova, leafAndCostFor(iova), rights);
    softwareOp.begin(costNs);
    registers.set(
        Cb.PAR,
        Leaf.isFault(leaf)
            ? Cb.PAR_F | Integer.toUnsignedLong(Leaf.faultBits(leaf))
            : Leaf.pa(leaf, iova) & -4096L);
  }

  /** A stage-2 bank has no ASIDs. */
  private void invalidateAsidByRegister(int value) {
    if (!isSecond) {
      invalidations.post(Kind.ASID, index, space(value), 0);
    }
  }

  /**
   * The page number is in bits 43:0, whose top bit is bit 55 of the address. A stage-2 bank has no
   * iovas.
   */
  private void invalidateIova(Reg64 register, Kind kind) {
    if (!isSecond) {
      long value = registers.get(register);
      long iova = value << 20 >> 8;
      invalidations.post(kind, index, space((int) (value >>> Cb.TTBR_ASID_SHIFT)), iova);
    }
  }

  /** The page number is in bits 35:0. A stage-1 bank has nothing to forget by it. */
  private void invalidateIpa(Reg64 register, Kind kind) {
    if (isSecond) {
      invalidations.post(kind, index, space(0), registers.get(register) << 28 >>> 16);
    }
  }

  private void setActlr(int value) {
    if (mmu500 == null || !mmu500.locksActlr()) {
      actlr = value;
      retarget();
    }
  }

  private void control(int sctlr) {
    translating = Cb.SCTLR_M.isSet(sctlr);
    faults.configure(sctlr);
    retarget();
  }

  /** Takes over what the registers say now. */
  private void retarget() {
    int type = Gr1.CBAR_TYPE.get(cbar);
    boolean nested = type == Gr1.CBAR_TYPE_S1_TRANS_S2_TRANS;
    isSecond = type == Gr1.CBAR_TYPE_S2_TRANS;
    second = nested ? banks.apply(Gr1.CBAR_NESTED_CBNDX.get(cbar)) : null;
    stage = nested && second == null ? null : stageOf(type);
    direct = translating && second == null && !Cb.ACTLR_PRR.isSet(actlr);
    shapesStale = true;
    if (isSecond) {
      signShift = 0;
      widthMask = -1; // an intermediate address has no sign
      signBit = 0;
      tlb.select(space(0));
      return;
    }
    int width = config.stage1().upstreamBits();
    signBit = Stage1.signBit(Cb.TCR2_SEP.get(registers.get(TCR2)), width);
    widthMask = signBit == 0 ? (1L << width) - 1 : (signBit << 1) - 1;
    signShift = Long.numberOfLeadingZeros(signBit == 0 ? 1L << width : signBit);
    long ttbr = registers.get(Cb.TCR_A1.isSet(registers.get(TCR)) ? TTBR1 : TTBR0);
    tlb.select(space((int) (ttbr >>> Cb.TTBR_ASID_SHIFT)));
  }

  /** No other tables are modelled than AArch64's, and the ID registers say so. */
  private @Nullable Stage stageOf(int type) {
    if (!Gr1.CBA2R_VA64.isSet(cba2r)) {
      return null;
    }
    SmmuV2Config.Stages has = config.stages();
    return switch (type) {
      case Gr1.CBAR_TYPE_S2_TRANS -> has.two() ? stage2 : null;
      case Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS -> has.one() ? stage1 : null;
      case Gr1.CBAR_TYPE_S1_TRANS_S2_TRANS -> has.nested() ? stage1 : null;
      default -> null;
    };
  }

  /** The bank's VMID and an ASID, of which a stage-2 bank has none. */
  private int space(int asid) {
    int vmid = Gr1.CBAR_VMID.get(cbar);
    if (isSecond) {
      return AsidTags.space(vmid, 0);
    }
    boolean wide = Cb.TCR2_AS.isSet(registers.get(TCR2));
    return AsidTags.space(vmid, asid & (wide ? ASID_MASK_16 : ASID_MASK_8));
  }

  private long signExtend(long incoming) {
    return ((incoming & widthMask) ^ signBit) - signBit;
  }
}
