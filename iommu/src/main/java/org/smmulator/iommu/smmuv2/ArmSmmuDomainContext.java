package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqHandler;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * The context bank that a domain lives in: its table, its registers, its interrupt.
 *
 * <p>Kernel: {@code struct arm_smmu_cfg} and what surrounds it in {@code struct arm_smmu_domain}.
 * Stage 1 if there is one, with the bank's number for an ASID; else stage 2, with the number after
 * it for a VMID.
 */
final class ArmSmmuDomainContext {
  private static final long PAGE_OFFSET = 0xfff;

  /** The bits of PAR that hold a page's address. */
  private static final long PAR_PA = 0xff_ffff_f000L;

  private static final long ATS_POLL_NS = 5_000;
  private static final int ATS_POLLS = 10;

  private final ArmSmmuDevice smmu;
  private final ArmSmmuContextFmt kind;
  private final Device firstDevice;
  private final int bankIndex;
  private final Mmio bank;
  private final FlushOps flush;
  private final IoPgtable table;
  private ArmSmmuCb state;
  private IrqLine.@Nullable Registration irq;

  private ArmSmmuDomainContext(
      ArmSmmuDevice smmu,
      ArmSmmuContextFmt kind,
      Device firstDevice,
      int bankIndex,
      FlushOps flush,
      IoPgtable table) {
    this.smmu = smmu;
    this.kind = kind;
    this.firstDevice = firstDevice;
    this.bankIndex = bankIndex;
    this.bank = smmu.bank(bankIndex);
    this.flush = flush;
    this.table = table;
    this.state = ownState();
  }

  /**
   * Takes a bank, makes a table, and programs the one with the other.
   *
   * @throws ErrnoException EINVAL if the hardware reads no tables; ENOSPC; ENOMEM
   */
  static ArmSmmuDomainContext create(ArmSmmuDomain domain, ArmSmmuDevice smmu, Device device)
      throws ErrnoException {
    ArmSmmuFeatures features = smmu.features();
    ArmSmmuContextFmt kind = ArmSmmuContextFmt.choose(features, smmu.design().kernelBuild());
    int start = kind.stage2() ? 0 : features.stage2Banks();
    int index = smmu.impl().allocContextBank(smmu, device, start);
    try {
      ArmSmmuDomainContext made = withTable(domain, smmu, kind, device, index);
      IrqLine line = smmu.takeContextIrq(index);
      smmu.setBank(index, made.state);
      IrqHandler handler = () -> smmu.faults().context(domain, made.bank, index);
      made.irq =
          smmu.impl().contextFaultNeedsThreadedIrq()
              ? line.requestThreaded("arm-smmu-context-fault", handler)
              : line.request("arm-smmu-context-fault", handler);
      return made;
    } catch (ErrnoException e) {
      smmu.releaseBank(index);
      throw e;
    }
  }

  private static ArmSmmuDomainContext withTable(
      ArmSmmuDomain domain, ArmSmmuDevice smmu, ArmSmmuContextFmt kind, Device device, int index)
      throws ErrnoException {
    IommuServices services = smmu.services();
    ArmSmmuFeatures features = smmu.features();
    Mmio bank = smmu.bank(index);
    IoPgtableConfig wanted =
        new IoPgtableConfig(
            domain.tableQuirks(),
            services.iommu().tableSizes(domain, features.tables().pgsizeBitmap()),
            kind.inputBits(features),
            kind.outputBits(features),
            features.has(ArmSmmuFeatures.Flag.COHERENT_WALK));
    IoPgtableConfig config = smmu.impl().initContext(wanted, kind, bank, device, domain.type());
    PageOwner owner =
        services
            .kernel()
            .pages()
            .owner(new Holder.OfDevice(device.name()), "pagetable", PageZone.KERNEL);
    FlushOps flush = flushOps(smmu, kind, bank, index);
    IoPgtable table = services.pgtables().alloc(kind.tables(), config, owner, flush);
    return new ArmSmmuDomainContext(smmu, kind, device, index, flush, table);
  }

  private static FlushOps flushOps(
      ArmSmmuDevice smmu, ArmSmmuContextFmt kind, Mmio bank, int index) {
    ArmSmmuTlb tlb = smmu.tlb();
    boolean wide = kind.isAArch64();
    if (!kind.stage2()) {
      return new ArmSmmuFlushOps.Stage1(
          tlb, bank, wide, tag(kind, index), smmu.impl().flushWalkByAsid());
    }
    return smmu.features().isV1()
        ? new ArmSmmuFlushOps.Stage2V1(tlb, tag(kind, index))
        : new ArmSmmuFlushOps.Stage2(tlb, bank, wide, tag(kind, index));
  }

  ArmSmmuDevice smmu() {
    return smmu;
  }

  /** The device for which the bank was taken. */
  Device firstDevice() {
    return firstDevice;
  }

  int bankIndex() {
    return bankIndex;
  }

  Mmio bank() {
    return bank;
  }

  IoPgtable table() {
    return table;
  }

  /** The ASID of a stage-1 bank. */
  int asid() {
    return tag(kind, bankIndex);
  }

  /** The current register values of the bank. */
  ArmSmmuCb state() {
    return state;
  }

  /** The bank's first register values: the domain's own table only. */
  ArmSmmuCb ownState() {
    boolean upper = table.config().has(Quirk.ARM_TTBR1);
    return ArmSmmuCb.of(kind, tag(kind, bankIndex), table.registers(), upper);
  }

  private static int tag(ArmSmmuContextFmt kind, int bankIndex) {
    return kind.stage2() ? bankIndex + 1 : bankIndex;
  }

  void setState(ArmSmmuCb wanted) {
    state = wanted;
    smmu.setBank(bankIndex, wanted);
  }

  void flushAll() {
    flush.flushAll();
  }

  /** The invalidation of whatever table the bank walks. */
  FlushOps flushOps() {
    return flush;
  }

  /** Waits for invalidations. In version 1 the banks of stage 2 have no sync of their own. */
  void sync() {
    if (kind.stage2() && smmu.features().isV1()) {
      smmu.tlb().syncGlobal();
    } else {
      smmu.tlb().syncBank(bank);
    }
  }

  /** The physical address of {@code iova}, by ATS1PR if the SMMU has it. */
  long iovaToPhys(long iova) {
    if (!smmu.features().has(ArmSmmuFeatures.Flag.TRANS_OPS)) {
      return table.iovaToPhys(iova);
    }
    try (var _ = smmu.power().hold()) {
      return askHardware(iova);
    }
  }

  /** Kernel: {@code arm_smmu_iova_to_phys_hard()}; its spinlock is here an interrupt mask. */
  private long askHardware(long iova) {
    long[] answer = new long[1];
    smmu.services().kernel().scheduler().atomically(() -> answer[0] = translateByHardware(iova));
    return answer[0];
  }

  private long translateByHardware(long iova) {
    if (kind.isAArch64()) {
      bank.write(Cb.ATS1PR, iova & ~PAGE_OFFSET);
    } else {
      bank.write(CbAArch32.ATS1PR, (int) (iova & ~PAGE_OFFSET));
    }
    if (!isTranslated()) {
      smmu.device()
          .err("iova to phys timed out on 0x%016x. Falling back to software table walk.", iova);
      return table.iovaToPhys(iova);
    }
    long par = bank.read(Cb.PAR);
    if ((par & Cb.PAR_F) != 0) {
      smmu.device().err("translation fault!");
      smmu.device().err("PAR = 0x%x", par);
      return 0;
    }
    return (par & PAR_PA) | (iova & PAGE_OFFSET);
  }

  private boolean isTranslated() {
    for (int poll = 0; poll < ATS_POLLS; poll++) {
      if (!Cb.ATSR_ACTIVE.isSet(bank.read(Cb.ATSR))) {
        return true;
      }
      smmu.services().kernel().scheduler().consume(ATS_POLL_NS);
    }
    return false;
  }

  /** Switches the bank off and gives everything back. */
  void destroy() {
    try (var _ = smmu.power().hold()) {
      smmu.setBank(bankIndex, null);
      if (irq != null) {
        irq.close();
      }
      table.free();
      smmu.releaseBank(bankIndex);
    }
  }
}
