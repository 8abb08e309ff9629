package org.smmulator.hw.smmuv2;

import static org.smmulator.hw.smmuv2.Invalidations.EVERYWHERE;
import static org.smmulator.regs.smmuv2.Gr0.SCR0;
import static org.smmulator.regs.smmuv2.Gr0.SGFSR;
import static org.smmulator.regs.smmuv2.Gr0.SGFSYNR0;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.Invalidations.Kind;
import org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.regs.smmuv2.Gr0;

/**
 * Global register space 0: identification, control, the stream mapping's registers and the faults
 * that belong to no context bank.
 */
final class GlobalSpace {
  private static final int REGISTER_BYTES = 0x1000;
  private static final int VMID_MASK_8 = 0xff;
  private static final int VMID_MASK_16 = 0xffff;

  private static final int SCR0_ALWAYS =
      Gr0.SCR0_CLIENTPD.mask()
          | Gr0.SCR0_GFRE.mask()
          | Gr0.SCR0_GFIE.mask()
          | Gr0.SCR0_GCFGFRE.mask()
          | Gr0.SCR0_GCFGFIE.mask()
          | Gr0.SCR0_USFCFG.mask()
          | Gr0.SCR0_VMIDPNE.mask()
          | Gr0.SCR0_PTM.mask()
          | Gr0.SCR0_FB.mask()
          | Gr0.SCR0_BSU.mask();

  /** MAJOR 2 and MINOR 0 of ID7: an MMU-500 r2p0. */
  private static final int MMU500_REVISION = Gr0.ID7_MAJOR.of(2);

  private final SmmuV2Config config;
  private final int interruptLines;
  private final int scr0Implemented;
  private final StreamMap streams;
  private final Consumer<Boolean> wideVmids;
  private final IrqPin interrupt;
  private final RegisterFile registers;
  private int scr0 = Gr0.SCR0_CLIENTPD.mask(); // as it comes out of reset: every transaction passes
  private int sgfsr;

  /**
   * Makes it as it comes out of reset.
   *
   * @param interruptLines how many context interrupts there are
   * @param wideVmids told whether VMIDs have 16 bits, when that changes
   */
  GlobalSpace(
      SmmuV2Config config,
      int interruptLines,
      StreamMap streams,
      Invalidations invalidations,
      Consumer<Boolean> wideVmids,
      @Nullable Mmu500 mmu500,
      IrqPin interrupt) {
    this.config = config;
    this.interruptLines = interruptLines;
    this.scr0Implemented =
        SCR0_ALWAYS
            | (config.options().has(Options.Feature.EXTENDED_IDS) ? Gr0.SCR0_EXIDENABLE.mask() : 0)
            | (config.options().has(Options.Feature.WIDE_VMIDS) ? Gr0.SCR0_VMID16EN.mask() : 0);
    this.streams = streams;
    this.wideVmids = wideVmids;
    this.interrupt = interrupt;
    RegisterFile.Builder builder =
        RegisterFile.builder(REGISTER_BYTES)
            .readOnly(Gr0.ID0)
            .readOnly(Gr0.ID1)
            .readOnly(Gr0.ID2)
            .readOnly(Gr0.ID3)
            .readOnly(Gr0.ID4)
            .readOnly(Gr0.ID5)
            .readOnly(Gr0.ID6)
            .readOnly(Gr0.ID7)
            .indexed(SCR0, i -> scr0, (i, value) -> control(value & scr0Implemented))
            .readWrite(Gr0.SGFAR)
            .indexed(SGFSR, i -> sgfsr, (i, ones) -> clear(ones))
            .readWrite(SGFSYNR0)
            .readWrite(Gr0.SGFSYNR1)
            .readWrite(Gr0.SGFSYNR2)
            .command(
                Gr0.TLBIVMID,
                value ->
                    invalidations.post(
                        Kind.VMID, EVERYWHERE, BankSpaces.id(value & vmidMask(), 0), 0))
            .command(Gr0.TLBIALLNSNH, ignored -> invalidations.post(Kind.ALL, EVERYWHERE, 0, 0))
            .readWrite(Gr0.TLBIALLH, 0) // no bank is a hypervisor's
            .command(Gr0.STLBGSYNC, ignored -> invalidations.startSync(EVERYWHERE))
            .onRead(
                Gr0.STLBGSTATUS,
                () -> invalidations.isSyncing(EVERYWHERE) ? Gr0.STLBGSTATUS_GSACTIVE.mask() : 0)
            .indexed(Gr0.SMR, streams::readSmr, streams::writeSmr)
            .indexed(Gr0.S2CR, streams::readS2cr, streams::writeS2cr);
    if (mmu500 == null) {
      builder.readWrite(Gr0.SACR);
    } else {
      builder.indexed(Gr0.SACR, i -> mmu500.sacr(), (i, value) -> mmu500.setSacr(value));
    }
    this.registers = builder.build();
    identify();
  }

  private void identify() {
    registers.set(Gr0.ID0, id0(config, interruptLines));
    registers.set(Gr0.ID1, id1(config.banks()));
    registers.set(Gr0.ID2, id2(config));
    registers.set(Gr0.ID7, config.options().has(Options.Feature.MMU500) ? MMU500_REVISION : 0);
  }

  /** Power is gone, and comes back with every register as it comes out of reset. */
  void reset() {
    registers.clear();
    identify();
    scr0 = Gr0.SCR0_CLIENTPD.mask();
    sgfsr = 0;
    updateInterrupt();
  }

  MmioTarget registers() {
    return registers;
  }

  /** Returns whether every transaction passes untouched. */
  boolean bypassesAll() {
    return Gr0.SCR0_CLIENTPD.isSet(scr0);
  }

  /** Returns whether a stream that no SMR matches faults instead of passing untouched. */
  boolean refusesUnidentified() {
    return Gr0.SCR0_USFCFG.isSet(scr0);
  }

  /** Records a fault that belongs to no bank; returns what the transaction's master sees. */
  long raise(int sgfsrBit, int streamId, long iova, int access) {
    if (sgfsr != 0) {
      sgfsr |= Gr0.SGFSR_MULTI.mask();
    } else {
      sgfsr = sgfsrBit;
      registers.set(Gr0.SGFAR, iova);
      registers.set(SGFSYNR0, syndrome(access));
      registers.set(Gr0.SGFSYNR1, streamId & Gr0.SGFSYNR1_STREAMID.mask());
    }
    updateInterrupt();
    return Gr0.SCR0_GFRE.isSet(scr0) ? Translator.ABORT : Translator.RAZ_WI;
  }

  private void control(int value) {
    int changed = scr0 ^ value;
    scr0 = value;
    if (Gr0.SCR0_EXIDENABLE.isSet(changed)) {
      streams.setExtended(Gr0.SCR0_EXIDENABLE.isSet(value));
    }
    if (Gr0.SCR0_VMID16EN.isSet(changed)) {
      wideVmids.accept(Gr0.SCR0_VMID16EN.isSet(value));
    }
    updateInterrupt();
  }

  private int vmidMask() {
    return Gr0.SCR0_VMID16EN.isSet(scr0) ? VMID_MASK_16 : VMID_MASK_8;
  }

  private void clear(int ones) {
    sgfsr &= ~ones;
    updateInterrupt();
  }

  private void updateInterrupt() {
    interrupt.set(sgfsr != 0 && Gr0.SCR0_GFIE.isSet(scr0));
  }

  private static int syndrome(int access) {
    return ((access & BusMaster.WRITE) != 0 ? Gr0.SGFSYNR0_WNR.mask() : 0)
        | ((access & BusMaster.PRIVILEGED) != 0 ? Gr0.SGFSYNR0_PNU.mask() : 0)
        | ((access & BusMaster.INSTRUCTION) != 0 ? Gr0.SGFSYNR0_IND.mask() : 0);
  }

  private static int id0(SmmuV2Config config, int interruptLines) {
    SmmuV2Config.Streams streams = config.streams();
    Descriptors32 narrow = config.options().descriptors32();
    return Gr0.ID0_S1TS.of(config.stages().one() ? 1 : 0)
        | Gr0.ID0_S2TS.of(config.stages().two() ? 1 : 0)
        | Gr0.ID0_NTS.of(config.stages().nested() ? 1 : 0)
        | Gr0.ID0_PTFS_NO_AARCH32.of(narrow == Descriptors32.NONE ? 1 : 0)
        | Gr0.ID0_PTFS_NO_AARCH32S.of(narrow == Descriptors32.LONG_AND_SHORT ? 0 : 1)
        | Gr0.ID0_EXIDS.of(config.options().has(Options.Feature.EXTENDED_IDS) ? 1 : 0)
        | Gr0.ID0_SMS.of(streams.mappings() > 0 ? 1 : 0)
        | Gr0.ID0_NUMSMRG.of(streams.mappings())
        | Gr0.ID0_NUMSIDB.of(Math.min(streams.idBits(), 15))
        | Gr0.ID0_NUMIRPT.of(interruptLines)
        | Gr0.ID0_ATOSNS.of(config.stage1().has(SmmuV2Config.Stage1.Feature.ADDRESS_OPS) ? 0 : 1)
        | Gr0.ID0_CTTW.of(config.stage1().has(SmmuV2Config.Stage1.Feature.COHERENT_WALK) ? 1 : 0);
  }

  private static int id1(SmmuV2Config.Banks banks) {
    return Gr0.ID1_NUMCB.of(banks.count())
        | Gr0.ID1_NUMS2CB.of(banks.stage2Only())
        | Gr0.ID1_NUMPAGENDXB.of(Integer.numberOfTrailingZeros(banks.pages().numPage()) - 1)
        | Gr0.ID1_PAGESIZE.of(banks.pages().pageShift() == 16 ? 1 : 0);
  }

  private static int id2(SmmuV2Config config) {
    SmmuV2Config.Stage1 stage1 = config.stage1();
    return Gr0.ID2_IAS.of(stage1.outputCode())
        | Gr0.ID2_OAS.of(config.stages().paCode())
        | Gr0.ID2_UBS.of(config.options().isV1() ? 0 : stage1.upstreamCode())
        | Gr0.ID2_VMID16.of(config.options().has(Options.Feature.WIDE_VMIDS) ? 1 : 0)
        | Gr0.ID2_PTFS_4K.of(stage1.has(12) ? 1 : 0)
        | Gr0.ID2_PTFS_16K.of(stage1.has(14) ? 1 : 0)
        | Gr0.ID2_PTFS_64K.of(stage1.has(16) ? 1 : 0);
  }
}
