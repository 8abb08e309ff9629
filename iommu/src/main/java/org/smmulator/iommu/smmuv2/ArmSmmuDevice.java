package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableList;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * One SMMU that the driver is bound to: its registers, and software's copy of what is in them.
 *
 * <p>Kernel: {@code struct arm_smmu_device}.
 */
final class ArmSmmuDevice {
  /**
   * The resources of the SMMU's node.
   *
   * @param power on, as it is while a driver probes
   * @param coherentWalk whether the node says {@code dma-coherent}
   * @param globalIrqs the first {@code #global-interrupts} of the node's interrupts
   * @param contextIrqs the rest, one for each context bank
   */
  record Resources(
      Device device,
      Mmio registers,
      ArmSmmuRpm power,
      boolean coherentWalk,
      ImmutableList<IrqLine> globalIrqs,
      ImmutableList<IrqLine> contextIrqs) {}

  private final Resources resources;
  private final IommuServices services;
  private final SmmuDesign design;
  private final ArmSmmuImpl impl;
  private final ArmSmmuFeatures features;
  private final IommuDevice instance;
  private final SmmuPages pages;
  private final Mmio gr0;
  private final Mmio gr1;
  private final ArmSmmuTlb tlb;
  private final ArmSmmuFaults faults;
  private final ArmSmmuStreamMap streams;
  private final Mutex streamMapMutex;
  private final BitSet bankTaken = new BitSet();
  private final @Nullable ArmSmmuCb[] banks;
  private final int[] irptndx;
  private int lastIrptndx;

  /**
   * Reads the ID registers; writes nothing.
   *
   * @throws ErrnoException ENODEV for hardware that this driver cannot use
   */
  ArmSmmuDevice(
      Resources resources,
      IommuServices services,
      SmmuDesign design,
      IommuOps ops,
      ArmSmmuArchVersion version,
      ArmSmmuImpl impl)
      throws ErrnoException {
    this.resources = resources;
    this.services = services;
    this.design = design;
    this.impl = impl;
    Mmio registers = resources.registers();
    Device device = resources.device();
    this.features =
        new ArmSmmuCfgProbe(device, registers, version, resources.coherentWalk()).probe(impl);
    this.instance = new IommuDevice(device, ops);
    this.pages = SmmuPages.of(registers.read(Gr0.ID1));
    this.gr0 = registers;
    this.gr1 = registers.window(pages.gr1Offset(), 1 << pages.pageShift());
    this.tlb = new ArmSmmuTlb(device, gr0, services.kernel().scheduler());
    this.faults = new ArmSmmuFaults(device, gr0, gr1, resources.power(), services);
    this.streams =
        new ArmSmmuStreamMap(
            gr0, features.streams(), impl, design.disableBypass(), services.kernel().faults());
    this.streamMapMutex = services.kernel().lockdep().mutex("smmu->stream_map_mutex");
    this.banks = new ArmSmmuCb[features.contextBanks()];
    this.irptndx = new int[features.contextBanks()];
  }

  Device device() {
    return resources.device();
  }

  IommuServices services() {
    return services;
  }

  SmmuDesign design() {
    return design;
  }

  ArmSmmuImpl impl() {
    return impl;
  }

  ArmSmmuFeatures features() {
    return features;
  }

  IommuDevice instance() {
    return instance;
  }

  /** Runtime PM; every access to a register needs it held. */
  ArmSmmuRpm power() {
    return resources.power();
  }

  ArmSmmuTlb tlb() {
    return tlb;
  }

  ArmSmmuFaults faults() {
    return faults;
  }

  /** The stream map; hold {@link #lockStreams} meanwhile. */
  ArmSmmuStreamMap streams() {
    return streams;
  }

  Mutex.Held lockStreams() {
    return streamMapMutex.lock();
  }

  Mmio gr0() {
    return gr0;
  }

  Mmio gr1() {
    return gr1;
  }

  /** The registers of one context bank. */
  Mmio bank(int index) {
    return gr0.window(pages.bankOffset(index), 1 << pages.pageShift());
  }

  /**
   * The interrupt of a bank whose domain is new: in version 2 the bank's own; in version 1, where
   * banks share them, the next one.
   */
  IrqLine takeContextIrq(int bank) {
    int lines = resources.contextIrqs().size();
    irptndx[bank] = features.isV1() ? ++lastIrptndx % lines : bank;
    return resources.contextIrqs().get(irptndx[bank]);
  }

  /**
   * Lets every transaction pass until {@link #reset}, and keeps the streams that firmware reserves
   * memory for: none, as only ACPI's tables tell of such. Kernel: {@code
   * arm_smmu_rmr_install_bypass_smr()}.
   */
  void preserveBootMappings() {
    gr0.write(Gr0.SCR0, gr0.read(Gr0.SCR0) | Gr0.SCR0_CLIENTPD.mask());
    device().notice("\tpreserved %d boot mappings", 0);
  }

  /**
   * Brings the hardware to the state that software's copy describes. Kernel: {@code
   * arm_smmu_device_reset()}.
   */
  void reset() {
    gr0.write(Gr0.SGFSR, gr0.read(Gr0.SGFSR));
    streams.writeAll();
    for (int i = 0; i < banks.length; i++) {
      writeBank(i);
      bank(i).write(Cb.FSR, Cb.FSR_FAULT);
    }
    tlb.invalidateAll();
    int scr0 = enabledScr0(gr0.read(Gr0.SCR0));
    impl.reset(this);
    tlb.syncGlobal();
    gr0.write(Gr0.SCR0, scr0);
  }

  private int enabledScr0(int was) {
    int on =
        Gr0.SCR0_GFRE.mask()
            | Gr0.SCR0_GFIE.mask()
            | Gr0.SCR0_GCFGFRE.mask()
            | Gr0.SCR0_GCFGFIE.mask()
            | Gr0.SCR0_VMIDPNE.mask()
            | Gr0.SCR0_PTM.mask();
    int off =
        Gr0.SCR0_CLIENTPD.mask()
            | Gr0.SCR0_FB.mask()
            | Gr0.SCR0_BSU.mask()
            | Gr0.SCR0_USFCFG.mask();
    int unknownStreams = design.disableBypass() ? Gr0.SCR0_USFCFG.mask() : 0;
    int widths =
        (features.has(ArmSmmuFeatures.Flag.VMID16) ? Gr0.SCR0_VMID16EN.mask() : 0)
            | (features.streams().extended() ? Gr0.SCR0_EXIDENABLE.mask() : 0);
    return ((was | on) & ~off) | unknownStreams | widths;
  }

  /** Stops translating: every transaction passes. Kernel: {@code arm_smmu_device_shutdown()}. */
  void disable() {
    try (var _ = power().hold()) {
      gr0.write(Gr0.SCR0, Gr0.SCR0_CLIENTPD.mask());
    }
  }

  /** The first free bank in [{@code start}, {@code end}); -1 if there is none. */
  int takeBank(int start, int end) {
    int free = bankTaken.nextClearBit(start);
    if (free >= end || services.kernel().faults().shouldFail(Site.CONTEXT_BANK)) {
      return -1;
    }
    bankTaken.set(free);
    return free;
  }

  void releaseBank(int index) {
    bankTaken.clear(index);
  }

  /** True if a domain has the bank. */
  boolean isBankTaken(int index) {
    return bankTaken.get(index);
  }

  /** Sets a bank to {@code wanted}, or switches it off. */
  void setBank(int index, @Nullable ArmSmmuCb wanted) {
    banks[index] = wanted;
    writeBank(index);
  }

  /** Kernel: {@code arm_smmu_write_context_bank()}. */
  private void writeBank(int index) {
    ArmSmmuCb wanted = banks[index];
    Mmio bank = bank(index);
    if (wanted == null) {
      bank.write(Cb.SCTLR, 0);
      return;
    }
    if (features.version().hasSecondRegisters()) {
      gr1.write(Gr1.CBA2R, index, wanted.cba2r(features));
    }
    gr1.write(Gr1.CBAR, index, wanted.cbar(features, irptndx[index]));
    if (wanted.kind().stage2()) {
      bank.write(Cb.VTCR, wanted.tcr());
      bank.write(Cb.TTBR0, wanted.ttbr0());
      bank.write(Cb.SCTLR, impl.sctlr(index, sctlr()));
      return;
    }
    // TCR2 and TCR first: they say how wide an ASID the TTBRs take.
    if (features.version().hasSecondRegisters()) {
      bank.write(Cb.TCR2, wanted.tcr2());
    }
    bank.write(Cb.TCR, wanted.tcr());
    if (wanted.kind().format() == ArmSmmuContextFmt.Format.AARCH32_S) {
      bank.write(Cb.CONTEXTIDR, wanted.tag());
      bank.write(CbAArch32.TTBR0, (int) wanted.ttbr0());
      bank.write(CbAArch32.TTBR1, (int) wanted.ttbr1());
    } else {
      bank.write(Cb.TTBR0, wanted.ttbr0());
      bank.write(Cb.TTBR1, wanted.ttbr1());
    }
    bank.write(Cb.MAIR0, (int) wanted.mair());
    bank.write(Cb.MAIR1, (int) (wanted.mair() >>> 32));
    bank.write(Cb.SCTLR, impl.sctlr(index, sctlr() | Cb.SCTLR_S1_ASIDPNE.mask()));
  }

  private static int sctlr() {
    return Cb.SCTLR_CFIE.mask()
        | Cb.SCTLR_CFRE.mask()
        | Cb.SCTLR_AFE.mask()
        | Cb.SCTLR_TRE.mask()
        | Cb.SCTLR_M.mask();
  }
}
