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
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.hw.vmsa.Walker;
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

  private static final int TCR2_IMPLEMENTED =
      Cb.TCR2_PASIZE.mask() | Cb.TCR2_AS.mask() | Cb.TCR2_SEP.mask();

  private static final int S1CBNDX_SHIFT = 16;
  private static final long NARROW = 0xffff_ffffL;
  private static final long PAR_ADDRESS = (1L << 48) - (1L << 12);

  private static final long READ = Leaf.rightsFor(BusMaster.READ);
  private static final long WRONG_KIND = Leaf.fault(Leaf.TRANSLATION, 0);

  private final int index;
  private final SmmuV2Config config;
  private final long hitNs;
  private final long walkStepNs;
  private final Timebase timebase;
  private final Tlb tlb;
  private final BankSpaces spaces;
  private final Walker walker;
  private final Stages stages;
  private final IntFunction<@Nullable ContextBank> banks;
  private final Invalidations invalidations;
  private final @Nullable Mmu500 mmu500;
  private final AddressOp softwareOp;
  private final ContextFaults faults;
  private final RegisterFile registers;
  private final Walker.SecondStage throughSecond = this::locateTable;

  private final Regime regime = new Regime();

  private int cbar;
  private int cba2r;
  private int actlr;
  private boolean wideVmids;

  // Derived from the registers, for the hot path.
  private boolean translating;
  private boolean direct;
  private Space space;
  private int signShift;
  private long widthMask;
  private long signBit;
  private @Nullable Stage stage;
  private @Nullable Tables lower;
  private @Nullable Tables upper;
  private @Nullable ContextBank second;

  // Whose fault the last translation was, and what its syndrome adds.
  private ContextBank blamed = this;
  private int detail;

  // The cost of the last lookup.
  private long costNs;

  /** The parts that all banks of an SMMU share. */
  record Shared(
      SmmuV2Config config,
      Timebase timebase,
      Dram dram,
      Tlb tlb,
      Stages stages,
      IntFunction<@Nullable ContextBank> banks,
      Invalidations invalidations,
      @Nullable Mmu500 mmu500) {}

  ContextBank(int index, Shared shared, BankSpaces spaces, IrqPin interrupt) {
    this.index = index;
    this.config = shared.config();
    this.hitNs = config.costs().hitNs();
    this.walkStepNs = config.costs().walkStepNs();
    this.timebase = shared.timebase();
    this.tlb = shared.tlb();
    this.spaces = spaces;
    this.space = spaces.current();
    this.walker = new Walker(shared.dram(), tlb);
    this.stages = shared.stages();
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
            .onWrite(TCR2, tcr2Implemented(), (i, value) -> retarget())
            .onWrite(TTBR0, this::retarget)
            .onWrite(TTBR1, this::retarget)
            .onWrite(TCR, value -> retarget())
            .onWrite(Cb.CONTEXTIDR, value -> retarget())
            .readWrite(Cb.MAIR0)
            .readWrite(Cb.MAIR1)
            .indexed(Cb.FSR, i -> faults.fsr(), (i, ones) -> faults.clear(ones))
            .readWrite(Cb.FAR)
            .readWrite(Cb.FSYNR0)
            .readWrite(Cb.FSYNR1)
            .readWrite(Cb.IPAFAR);
    new TlbRegisters(index, regime, invalidations).declare(builder, config.options().isV1());
    if (config.stage1().has(SmmuV2Config.Stage1.Feature.ADDRESS_OPS)) {
      addressOp(builder, Cb.ATS1PR, BusMaster.READ | BusMaster.PRIVILEGED);
      addressOp(builder, Cb.ATS1PW, BusMaster.WRITE | BusMaster.PRIVILEGED);
      addressOp(builder, Cb.ATS1UR, BusMaster.READ);
      addressOp(builder, Cb.ATS1UW, BusMaster.WRITE);
      builder
          .readWrite(Cb.PAR)
          .onRead(Cb.ATSR, () -> softwareOp.isActive() ? Cb.ATSR_ACTIVE.mask() : 0);
    }
    return builder.build();
  }

  private void addressOp(RegisterFile.Builder builder, Reg64 reg, int access) {
    builder.onWrite(
        reg,
        regime::isAArch32,
        iova -> translateForSoftware(iova & NARROW, access),
        iova -> translateForSoftware(translating ? signExtend(iova) : iova, access));
  }

  private int tcr2Implemented() {
    return config.options().version() == SmmuV2Config.Version.V1 ? 0 : TCR2_IMPLEMENTED;
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
    cbar = config.options().isV1() ? value : value & ~Gr1.CBAR_IRPTNDX.mask();
    if (index < config.banks().stage2Only()) {
      cbar &= ~Gr1.CBAR_TYPE.mask(); // which is what S2_TRANS reads as
    }
    retarget();
  }

  int cba2r() {
    return cba2r;
  }

  void setCba2r(int value) {
    int wide = config.options().has(Options.Feature.WIDE_VMIDS) ? Gr1.CBA2R_VMID16.mask() : 0;
    boolean absent = config.options().version() == SmmuV2Config.Version.V1;
    cba2r = absent ? 0 : value & (Gr1.CBA2R_VA64.mask() | wide);
    retarget();
  }

  /** sCR0.VMID16EN: which register holds the bank's VMID. */
  void setWideVmids(boolean wide) {
    wideVmids = wide;
    retarget();
  }

  /** Power is gone, and comes back with every register zero. */
  void reset() {
    registers.clear();
    cbar = 0;
    cba2r = 0;
    wideVmids = false;
    actlr = mmu500 == null ? 0 : Mmu500.FRESH_ACTLR;
    softwareOp.reset();
    spaces.invalidateAll();
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
      long page = tlb.findPage(space, iova);
      if (page != Leaf.MISS && Leaf.allows(page, Leaf.rightsFor(access))) {
        timebase.consume(hitNs);
        return Leaf.paInPage(page, iova);
      }
    }
    return translateFully(streamId, translating ? signExtend(incoming) : incoming, access);
  }

  /**
   * Writes TTBR0 and CONTEXTIDR as the command processor does. TLB entries of the old table stay
   * until the command processor invalidates them.
   */
  void switchTable(long ttbr0, int contextIdr) {
    registers.set(TTBR0, ttbr0);
    registers.set(Cb.CONTEXTIDR, contextIdr);
    retarget();
  }

  /** Invalidates an ASID at once, as the command processor has it done. */
  void invalidateAsid(int value) {
    spaces.invalidateAsid(regime.space(value));
    timebase.consume(config.costs().invalidateNs());
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
    long rights = Leaf.rightsFor(access);
    long ipa = iova;
    if (translating) {
      blame(this, regime.isStage2() ? 0 : index << S1CBNDX_SHIFT);
      long leaf = checked(iova, leafFor(iova), rights);
      if (Leaf.isFault(leaf)) {
        return leaf;
      }
      ipa = Leaf.pa(leaf, iova);
    }
    return second == null ? ipa : throughSecond(second, ipa, rights, 0);
  }

  /** The second stage for {@code ipa}; if it refuses, it is blamed. */
  private long throughSecond(ContextBank bank, long ipa, long rights, int why) {
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

  /** The physical address of a stage-1 descriptor whose address goes through stage 2. */
  private long locateTable(long ipa) {
    ContextBank bank = second;
    return bank == null ? ipa : throughSecond(bank, ipa, READ, Cb.FSYNR0_S1PTWF.mask());
  }

  private void blame(ContextBank bank, int syndrome) {
    blamed = bank;
    detail = syndrome;
  }

  /** The leaf of the TLB for {@code address}, or else of a walk that fills the TLB. */
  private long leafFor(long address) {
    long leaf = leafAndCostFor(address);
    timebase.consume(costNs);
    return leaf;
  }

  private long leafAndCostFor(long address) {
    long found = tlb.find(space, address);
    if (found != Leaf.MISS) {
      costNs = hitNs;
      return found;
    }
    costNs = 0;
    Stage walks = stage;
    if (walks == null) {
      return WRONG_KIND;
    }
    Tables tables = tablesFor(walks, address);
    if (!tables.cover(address)) {
      return Leaf.fault(Leaf.TRANSLATION, tables.outsideLevel());
    }
    long leaf = walker.walk(tables, space, address, 0, second == null ? null : throughSecond);
    costNs = walker.steps() * walkStepNs;
    if (!Leaf.isFault(leaf)) {
      tlb.fill(space, address, leaf, tables);
    }
    return leaf;
  }

  private Tables tablesFor(Stage walks, long address) {
    Tables low = lower;
    Tables high = upper;
    if (low == null || high == null) {
      low = walks.describe(registers, false);
      high = walks.describe(registers, true);
      lower = low;
      upper = high;
    }
    return high.cover(address) ? high : low;
  }

  /** {@code leaf}, or the fault of one that does not grant {@code rights}. */
  private long checked(long address, long leaf, long rights) {
    if (Leaf.isFault(leaf) || Leaf.allows(leaf, rights)) {
      return leaf;
    }
    Stage walks = stage;
    int level = walks == null ? 0 : tablesFor(walks, address).levelOf(Leaf.shift(leaf));
    return Leaf.fault(Leaf.PERMISSION, level);
  }

  /**
   * Translates for ATS1PR and its like. The result is valid when ATSR says that the translation is
   * over, as long after as a transaction would take. Without SCTLR.M an address is its own.
   */
  private void translateForSoftware(long iova, int access) {
    invalidations.settle();
    if (!translating) {
      softwareOp.begin(0);
      registers.set(Cb.PAR, iova & PAR_ADDRESS);
      return;
    }
    long leaf = checked(iova, leafAndCostFor(iova), Leaf.rightsFor(access));
    softwareOp.begin(costNs);
    registers.set(
        Cb.PAR,
        Leaf.isFault(leaf)
            ? Cb.PAR_F | Integer.toUnsignedLong(ContextFaults.fsrOf(leaf))
            : Leaf.pa(leaf, iova) & PAR_ADDRESS);
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
    regime.read(cbar, cba2r, wideVmids, registers);
    second = regime.isNested() ? banks.apply(Gr1.CBAR_NESTED_CBNDX.get(cbar)) : null;
    stage = regime.isNested() && second == null ? null : stages.find(regime);
    direct = translating && second == null && !Cb.ACTLR_PRR.isSet(actlr);
    lower = null;
    upper = null;
    faults.setFormat(regime.format());
    spaces.select(regime.space());
    space = spaces.current();
    if (regime.isStage2() || !regime.isAArch64()) {
      signShift = 0;
      widthMask = -1; // neither an intermediate address nor one of 32 bits has a sign
      signBit = 0;
      return;
    }
    int width = config.stage1().upstreamBits();
    signBit = Stage1.signBit(Cb.TCR2_SEP.get(registers.get(TCR2)), width);
    widthMask = signBit == 0 ? (1L << width) - 1 : (signBit << 1) - 1;
    signShift = Long.numberOfLeadingZeros(signBit == 0 ? 1L << width : signBit);
  }

  private long signExtend(long incoming) {
    return ((incoming & widthMask) ^ signBit) - signBit;
  }
}
