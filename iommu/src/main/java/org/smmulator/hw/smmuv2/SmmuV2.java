package org.smmulator.hw.smmuv2;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.hw.vmsa.Walker;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * A model of an Arm SMMUv2, or SMMUv1, with the wires that Qualcomm's command processor pulls. Arm
 * IHI 0062.
 *
 * <p>The path of a transaction: {@link StreamMap} finds the stream's S2CR; the {@link ContextBank}
 * it names looks into the {@link Tlb}, or has a {@link Walker} read the tables that {@link Stage1}
 * or {@link Stage2} describes; {@link ContextFaults} records faults. A transaction that reaches no
 * bank faults in the {@link GlobalSpace}. An invalidation waits in {@link Invalidations} until it
 * takes effect.
 *
 * <p>Implementation defined behaviour is that of an {@link Mmu500}, or absent.
 *
 * <p>TLB entries belong to the bank that made them; the architecture lets banks share entries of
 * the same VMID and ASID.
 *
 * <p>{@link SmmuV2Config.Options} has the version and its optional features: AArch32 tables,
 * extended stream ids, 16-bit VMIDs.
 *
 * <p>Not modelled: secure state, because no board has secure masters; memory attributes, because
 * caches are not modelled; prefetch and the contiguous hint, because the architecture lets both be
 * absent; the global address translations (sGATS1PR and its like), TLBIVMIDS1, TLBIVAH and
 * TLBIVALH, because Linux uses none of them: they read as zero and ignore writes.
 *
 * @implNote Unverified: the bits of sGFSR beside USF, the syndrome bits, IPAFAR, SS as a source of
 *     the interrupt, sign extension by TCR2.SEP, which bank records a fault of nested translation.
 */
public final class SmmuV2 implements Translator, ContextBankPort {
  private static final int GLOBAL_1_BYTES = 0x1000;

  // The fields of S2CR as constants: this is looked at for every transaction.
  private static final int TYPE_MASK = Gr0.S2CR_TYPE.mask();
  private static final int TYPE_BYPASS = Gr0.S2CR_TYPE.of(Gr0.S2CR_TYPE_BYPASS);
  private static final int BANK_MASK = Gr0.S2CR_CBNDX.mask();
  private static final int PRIVCFG_MASK = Gr0.S2CR_PRIVCFG.mask();

  private final GlobalSpace global;
  private final StreamMap streams;
  private final ContextBank[] banks;
  private final boolean v1;
  private final Tlb tlb;
  private final InterruptLines interrupts;
  private final Invalidations invalidations;
  private final @Nullable Mmu500 mmu500;
  private final MmioTarget mmio;
  private final Wire power;

  /** As {@link #SmmuV2(SmmuV2Config, Timebase, Dram, IrqPin, ImmutableList, Wire)}, always on. */
  public SmmuV2(
      SmmuV2Config config,
      Timebase timebase,
      Dram dram,
      IrqPin globalInterrupt,
      ImmutableList<IrqPin> contextInterrupts) {
    this(config, timebase, dram, globalInterrupt, contextInterrupts, Wire.tiedHigh());
  }

  /**
   * Makes an SMMU as it comes out of reset: every transaction passes.
   *
   * @param globalInterrupt for faults that belong to no bank
   * @param contextInterrupts one line for each context bank, in order; an SMMUv1 may have fewer
   * @param power high while it has power and clocks: when it falls, all that was in the registers
   *     and in the TLB is gone, and transactions abort until it rises
   */
  public SmmuV2(
      SmmuV2Config config,
      Timebase timebase,
      Dram dram,
      IrqPin globalInterrupt,
      ImmutableList<IrqPin> contextInterrupts,
      Wire power) {
    this.power = power;
    this.streams =
        new StreamMap(config.streams(), config.options().has(Options.Feature.EXTENDED_IDS));
    this.banks = new ContextBank[config.banks().count()];
    this.v1 = config.options().isV1();
    int lines = contextInterrupts.size();
    checkArgument(
        v1 ? 0 < lines && lines <= banks.length : lines == banks.length,
        "%s interrupt lines for %s context banks",
        lines,
        banks.length);
    this.interrupts = new InterruptLines(contextInterrupts, banks.length);
    this.mmu500 = config.options().has(Options.Feature.MMU500) ? new Mmu500() : null;
    tlb = new Tlb(config.costs().entries(), config.costs().walkEntries());
    BankSpaces[] spaces = BankSpaces.row(banks.length, tlb);
    this.invalidations = new Invalidations(config.costs(), timebase, spaces);
    makeBanks(config, timebase, dram, tlb, spaces);
    this.global =
        new GlobalSpace(
            config, lines, streams, invalidations, this::setWideVmids, mmu500, globalInterrupt);
    this.mmio =
        new RegisterPages(
            config.banks().pages(), global.registers(), globalSpace1(), mmu500, banks);
    resetRoutes();
    power.onFall(this::reset);
  }

  private void makeBanks(
      SmmuV2Config config, Timebase timebase, Dram dram, Tlb tlb, BankSpaces[] spaces) {
    ContextBank.Shared shared =
        new ContextBank.Shared(
            config,
            timebase,
            dram,
            tlb,
            new Stages(config),
            i -> i < banks.length ? banks[i] : null,
            invalidations,
            mmu500);
    for (int i = 0; i < banks.length; i++) {
      banks[i] = new ContextBank(i, shared, spaces[i], interrupts.of(i));
    }
  }

  private void setWideVmids(boolean wide) {
    for (ContextBank bank : banks) {
      bank.setWideVmids(wide);
    }
  }

  /** An SMMUv1 comes out of reset with every IRPTNDX zero. */
  private void resetRoutes() {
    for (int bank = 0; v1 && bank < banks.length; bank++) {
      interrupts.route(bank, 0);
    }
  }

  private void reset() {
    invalidations.reset();
    if (mmu500 != null) {
      mmu500.reset();
    }
    streams.reset();
    for (ContextBank bank : banks) {
      bank.reset();
    }
    resetRoutes();
    global.reset();
  }

  /** The register space, from GR0 to the last context bank. */
  public MmioTarget mmio() {
    return mmio;
  }

  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    if (invalidations.arePending()) {
      invalidations.settle();
    }
    int s2cr = streams.lookUp(streamId);
    if ((s2cr & TYPE_MASK) != 0 || global.bypassesAll() || (s2cr & BANK_MASK) >= banks.length) {
      return withoutBank(s2cr, streamId, iova, access);
    }
    int allowed = (s2cr & PRIVCFG_MASK) == 0 ? access : withPrivilege(access, s2cr);
    return banks[s2cr & BANK_MASK].translate(streamId, iova, allowed);
  }

  @Override
  public long tlbFills() {
    return tlb.fills();
  }

  @Override
  public void watchTlb(TlbWatch watch) {
    tlb.watch(watch);
  }

  @Override
  public void switchTable(int bank, long ttbr0, int contextIdr) {
    banks[bank].switchTable(ttbr0, contextIdr);
  }

  @Override
  public void invalidateAsid(int bank, int asid) {
    banks[bank].invalidateAsid(asid);
  }

  @Override
  public boolean isStalled(int bank) {
    return Cb.FSR_SS.isSet(banks[bank].faults().fsr());
  }

  /**
   * Answers a transaction that reaches no bank. The answers of a lookup that are no S2CR have every
   * bit of TYPE.
   */
  private long withoutBank(int s2cr, int streamId, long iova, int access) {
    if (!power.isHigh()) {
      return Translator.ABORT;
    }
    if (global.bypassesAll() || (s2cr >= 0 && (s2cr & TYPE_MASK) == TYPE_BYPASS)) {
      return iova;
    }
    if (s2cr == StreamMap.UNIDENTIFIED && !global.refusesUnidentified()) {
      return iova;
    }
    return global.raise(globalFault(s2cr), streamId, iova, access);
  }

  private static int globalFault(int s2cr) {
    return switch (s2cr) {
      case StreamMap.UNIDENTIFIED -> Gr0.SGFSR_USF.mask();
      case StreamMap.CONFLICT -> Gr0.SGFSR_SMCF.mask();
      default -> (s2cr & TYPE_MASK) == 0 ? Gr0.SGFSR_UCBF.mask() : Gr0.SGFSR_ICF.mask();
    };
  }

  private static int withPrivilege(int access, int s2cr) {
    return switch (Gr0.S2CR_PRIVCFG.get(s2cr)) {
      case Gr0.S2CR_PRIVCFG_UNPRIV -> access & ~BusMaster.PRIVILEGED;
      case Gr0.S2CR_PRIVCFG_PRIV -> access | BusMaster.PRIVILEGED;
      default -> access;
    };
  }

  private RegisterFile globalSpace1() {
    return RegisterFile.builder(GLOBAL_1_BYTES)
        .indexed(Gr1.CBAR, i -> exists(i) ? banks[i].cbar() : 0, this::writeCbar)
        .indexed(
            Gr1.CBFRSYNRA,
            i -> exists(i) ? banks[i].faults().cbfrsynra() : 0,
            (i, value) -> {
              if (exists(i)) {
                banks[i].faults().setCbfrsynra(value & Gr1.CBFRSYNRA_SID.mask());
              }
            })
        .indexed(
            Gr1.CBA2R,
            i -> exists(i) ? banks[i].cba2r() : 0,
            (i, value) -> {
              if (exists(i)) {
                banks[i].setCba2r(value);
              }
            })
        .build();
  }

  private boolean exists(int bank) {
    return bank < banks.length;
  }

  private void writeCbar(int bank, int value) {
    if (!exists(bank)) {
      return;
    }
    banks[bank].setCbar(value);
    if (v1) {
      interrupts.route(bank, Gr1.CBAR_IRPTNDX.get(value));
    }
  }
}
