package org.smmulator.hw.smmuv2;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.ContextBankPort;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * A model of an Arm SMMUv2, stage 1, with the wires that Qualcomm's command processor pulls. Arm
 * IHI 0062.
 *
 * <p>The path of a transaction: {@link GlobalSpace} may let all pass; {@link StreamMap} finds the
 * stream's S2CR; the {@link ContextBank} it names looks into the {@link Tlb}, or lets {@link
 * Stage1} walk the tables in memory; {@link ContextFaults} keeps what went wrong.
 *
 * <p>Where no manual was at hand the model follows general knowledge of the architecture: the bits
 * of sGFSR beside USF, the syndrome bits, SS as an interrupt source, sign extension by TCR2.SEP.
 *
 * <p>Not modelled: stage 2, nesting and VMID tags (ID0.S2TS reads 0; TLBIVMID goes by CBAR.VMID),
 * AArch32 tables (PTFS_NO_AARCH32 and _NO_AARCH32S read 1; a bank without CBA2R.VA64 faults),
 * extended stream ids and 16-bit VMIDs (ID0.EXIDS and ID2.VMID16 read 0), secure state, memory
 * attributes, invalidations that are under way (one is complete when its register write returns,
 * and costs the writer), walk caches, prefetch and the contiguous hint (each is allowed to be
 * absent).
 */
public final class SmmuV2 implements Translator, ContextBankPort {
  private static final int GLOBAL_1_BYTES = 0x1000;

  private final GlobalSpace global;
  private final StreamMap streams;
  private final ContextBank[] banks;
  private final MmioTarget mmio;

  /**
   * Makes an SMMU as it comes out of reset: every transaction passes.
   *
   * @param globalInterrupt for faults that belong to no bank
   * @param contextInterrupts one line for each context bank, in order
   */
  public SmmuV2(
      SmmuV2Config config,
      Timebase timebase,
      Dram dram,
      IrqPin globalInterrupt,
      ImmutableList<IrqPin> contextInterrupts) {
    this.streams = new StreamMap(config.streams());
    this.banks = new ContextBank[config.banks().count()];
    checkArgument(
        contextInterrupts.size() == banks.length,
        "%s interrupt lines for %s context banks",
        contextInterrupts.size(),
        banks.length);
    Tlb tlb = new Tlb(config.tlb().entries(), banks.length);
    Stage1 stage1 = new Stage1(config.stage1(), dram);
    for (int i = 0; i < banks.length; i++) {
      banks[i] = new ContextBank(i, config, timebase, tlb, stage1, contextInterrupts.get(i));
    }
    this.global = new GlobalSpace(config, streams, invalidations(), globalInterrupt);
    this.mmio =
        new RegisterPages(config.banks().pages(), global.registers(), globalSpace1(), banks);
  }

  /** The register space, from GR0 to the last context bank. */
  public MmioTarget mmio() {
    return mmio;
  }

  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    if (global.bypassesAll()) {
      return iova;
    }
    int s2cr = streams.lookUp(streamId);
    if (s2cr < 0) {
      return unmatched(s2cr, streamId, iova, access);
    }
    int type = Gr0.S2CR_TYPE.get(s2cr);
    if (type != Gr0.S2CR_TYPE_TRANS) {
      return type == Gr0.S2CR_TYPE_BYPASS
          ? iova
          : global.raise(Gr0.SGFSR_ICF.mask(), streamId, iova, access);
    }
    int bank = Gr0.S2CR_CBNDX.get(s2cr);
    if (bank >= banks.length) {
      return global.raise(Gr0.SGFSR_UCBF.mask(), streamId, iova, access);
    }
    return banks[bank].translate(streamId, iova, withPrivilege(access, s2cr));
  }

  @Override
  public void switchTable(int bank, long ttbr0, int contextIdr) {
    banks[bank].switchTable(ttbr0, contextIdr);
  }

  @Override
  public void invalidateAsid(int bank, int asid) {
    banks[bank].invalidateAsid(asid);
  }

  private long unmatched(int why, int streamId, long iova, int access) {
    if (why == StreamMap.CONFLICT) {
      return global.raise(Gr0.SGFSR_SMCF.mask(), streamId, iova, access);
    }
    return global.refusesUnidentified()
        ? global.raise(Gr0.SGFSR_USF.mask(), streamId, iova, access)
        : iova;
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
    if (exists(bank)) {
      banks[bank].setCbar(value);
    }
  }

  private GlobalSpace.Invalidations invalidations() {
    return new GlobalSpace.Invalidations() {
      @Override
      public void all() {
        for (ContextBank bank : banks) {
          bank.invalidateAll();
        }
      }

      @Override
      public void vmid(int vmid) {
        for (ContextBank bank : banks) {
          if (Gr1.CBAR_VMID.get(bank.cbar()) == vmid) {
            bank.invalidateAll();
          }
        }
      }
    };
  }
}
