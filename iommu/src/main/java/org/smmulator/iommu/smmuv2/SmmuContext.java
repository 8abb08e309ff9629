package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The context bank that a domain lives in: its table, its registers, its interrupt.
 *
 * <p>Kernel: {@code struct arm_smmu_cfg} and what surrounds it in {@code struct arm_smmu_domain}.
 * AArch64 only. Stage 1 if there is one, with the bank's number for an ASID; else stage 2, with the
 * number after it for a VMID.
 */
final class SmmuContext {
  private static final long PAGE_OFFSET = 0xfff;

  /** The bits of PAR that hold a page's address. */
  private static final long PAR_PA = 0xff_ffff_f000L;

  private static final long ATS_POLL_NS = 5_000;
  private static final int ATS_POLLS = 10;

  private final ArmSmmu smmu;
  private final Device firstDevice;
  private final int bankIndex;
  private final Mmio bank;
  private final FlushOps flush;
  private final IoPgtable table;
  private ContextBank state;
  private IrqLine.@Nullable Registration irq;

  private SmmuContext(
      ArmSmmu smmu, Device firstDevice, int bankIndex, FlushOps flush, IoPgtable table) {
    this.smmu = smmu;
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
   * @throws ErrnoException EINVAL if the hardware has no AArch64 tables; ENOSPC; ENOMEM
   */
  static SmmuContext create(ArmSmmuDomain domain, ArmSmmu smmu, Device device)
      throws ErrnoException {
    SmmuFeatures features = smmu.features();
    if (features.granules() == 0) {
      throw EINVAL.because("%s walks no AArch64 tables", smmu.device().name());
    }
    int start = features.stage1() ? features.stage2Banks() : 0;
    int index = smmu.impl().allocContextBank(smmu, device, start);
    try {
      SmmuContext made = withTable(domain, smmu, device, index);
      smmu.setBank(index, made.state);
      made.irq =
          smmu.contextIrq(index)
              .request(
                  "arm-smmu-context-fault", () -> smmu.faults().context(domain, made.bank, index));
      return made;
    } catch (ErrnoException e) {
      smmu.releaseBank(index);
      throw e;
    }
  }

  private static SmmuContext withTable(ArmSmmuDomain domain, ArmSmmu smmu, Device device, int index)
      throws ErrnoException {
    SmmuServices services = smmu.services();
    SmmuFeatures features = smmu.features();
    boolean stage1 = features.stage1();
    Mmio bank = smmu.bank(index);
    IoPgtableConfig wanted =
        new IoPgtableConfig(
            domain.tableQuirks(),
            services.iommu().tableSizes(domain, features.pgsizeBitmap()),
            stage1 ? features.vaBits() : features.ipaBits(),
            stage1 ? features.ipaBits() : features.paBits(),
            features.coherentWalk());
    IoPgtableConfig config = smmu.impl().initContext(wanted, bank, device, domain.type());
    PageOwner owner = services.pages().owner("pagetable of " + device.name(), PageZone.KERNEL);
    FlushOps flush =
        stage1
            ? new BankFlush(smmu.tlb(), bank, index, smmu.impl().flushWalkByAsid())
            : new Stage2Flush(smmu.tlb(), bank, vmid(index));
    IoPgtableFormat format =
        stage1 ? IoPgtableFormat.ARM_64_LPAE_S1 : IoPgtableFormat.ARM_64_LPAE_S2;
    IoPgtable table = services.pgtables().alloc(format, config, owner, flush);
    return new SmmuContext(smmu, device, index, flush, table);
  }

  ArmSmmu smmu() {
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

  /** What software wants in the bank now. */
  ContextBank state() {
    return state;
  }

  /** What the bank held at first: the domain's own table and nothing else. */
  ContextBank ownState() {
    boolean upper = table.config().has(Quirk.ARM_TTBR1);
    return switch (table.registers()) {
      case PgtableRegisters.Stage1 walk -> ContextBank.stage1(bankIndex, walk, upper);
      case PgtableRegisters.Stage2 walk -> ContextBank.stage2(vmid(bankIndex), walk);
      case PgtableRegisters other -> throw new AssertionError(other);
    };
  }

  private static int vmid(int bankIndex) {
    return bankIndex + 1;
  }

  void setState(ContextBank wanted) {
    state = wanted;
    smmu.setBank(bankIndex, wanted);
  }

  void flushAll() {
    flush.flushAll();
  }

  /** Where {@code iova} leads; asks the hardware if it can tell. */
  long iovaToPhys(long iova) {
    if (!smmu.features().addressOps()) {
      return table.iovaToPhys(iova);
    }
    try (var _ = smmu.power().hold()) {
      return askHardware(iova);
    }
  }

  /** Kernel: {@code arm_smmu_iova_to_phys_hard()}; its spinlock is here an interrupt mask. */
  private long askHardware(long iova) {
    long[] answer = new long[1];
    smmu.services().scheduler().atomically(() -> answer[0] = translateByHardware(iova));
    return answer[0];
  }

  private long translateByHardware(long iova) {
    bank.write(Cb.ATS1PR, iova & ~PAGE_OFFSET);
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
      smmu.services().scheduler().consume(ATS_POLL_NS);
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
