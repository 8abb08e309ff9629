package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableSet;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.DirtyPages;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Kind;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Features;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Cd;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Entry;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Ste;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/**
 * A domain with a table of the IOMMU's own, of stage 1 or 2, on one SMMU.
 *
 * <p>Kernel: {@code struct arm_smmu_domain}, {@code arm_smmu_domain_finalise()}.
 */
final class ArmSmmuV3Domain extends PgtableDomain {
  /** The most address bits of stage 1: {@code VA_BITS}. */
  private static final int VA_BITS = 48;

  /**
   * The properties of a new domain.
   *
   * @param nestParent whether guests may nest stage-1 tables in it
   * @param dirty whether hardware tracks dirty pages
   */
  record Plan(Kind kind, boolean nestParent, boolean dirty) {
    /**
     * The properties that allocation flags ask for. Kernel: {@code
     * arm_smmu_domain_alloc_paging_flags()}.
     *
     * @throws ErrnoException EOPNOTSUPP for flags that the driver or the hardware does not support;
     *     the kernel leaves dirty tracking to iommufd
     */
    static Plan of(int flags, ArmSmmuV3Features features) throws ErrnoException {
      int known = IommuOps.ALLOC_DIRTY | IommuOps.ALLOC_PASID | IommuOps.ALLOC_NEST_PARENT;
      boolean dirty = (flags & IommuOps.ALLOC_DIRTY) != 0;
      boolean stage1 = features.has(ArmSmmuV3Feature.STAGE_1);
      if ((flags & ~known) != 0) {
        throw EOPNOTSUPP.because("allocation flags 0x%x", flags);
      }
      if (flags == IommuOps.ALLOC_NEST_PARENT) {
        require(features.has(ArmSmmuV3Feature.NESTING), "nested stages");
        return new Plan(Kind.S2_VMID, true, false);
      }
      require((flags & IommuOps.ALLOC_NEST_PARENT) == 0, "a nest parent with other wishes");
      require(flags == 0 || stage1, "PASIDs and dirty pages without stage 1");
      require(!dirty || hasDirtyPages(features), "dirty pages");
      return new Plan(stage1 ? Kind.S1_ASID : Kind.S2_VMID, false, dirty);
    }

    private static void require(boolean has, String what) throws ErrnoException {
      if (!has) {
        throw EOPNOTSUPP.because("no %s", what);
      }
    }
  }

  private final ArmSmmuV3Device smmu;
  private final Plan plan;
  private final IoPgtable table;
  private final ArmSmmuV3DomainInvs invs;

  private ArmSmmuV3Domain(
      IommuOps owner, DomainType type, ArmSmmuV3Device smmu, Plan plan, int id, String device)
      throws ErrnoException {
    super(owner, type);
    this.smmu = smmu;
    this.plan = plan;
    IommuServices services = smmu.services();
    PageOwner pages =
        services.kernel().pages().owner(new Holder.OfDevice(device), "pagetable", PageZone.KERNEL);
    boolean stage1 = plan.kind() == Kind.S1_ASID;
    long sizes = services.iommu().tableSizes(this, smmu.features().pgsizeBitmap());
    this.table =
        services
            .pgtables()
            .alloc(
                stage1 ? IoPgtableFormat.ARM_64_LPAE_S1 : IoPgtableFormat.ARM_64_LPAE_S2,
                stage1
                    ? stage1Config(smmu.features(), plan, sizes)
                    : stage2Config(smmu.features(), plan, sizes),
                pages,
                new Flush());
    int pageShift = Long.numberOfTrailingZeros(table.config().pgsizeBitmap());
    this.invs = new ArmSmmuV3DomainInvs(smmu, plan.kind(), id, plan.nestParent(), pageShift);
  }

  /**
   * Makes a domain that maps nothing.
   *
   * @param device the name of the device, for the owner of the table's pages
   * @throws ErrnoException EBUSY if all ASIDs are in use; ENOSPC if all VMIDs are; ENOMEM
   */
  static ArmSmmuV3Domain create(
      IommuOps owner, DomainType type, ArmSmmuV3Device smmu, Plan plan, String device)
      throws ErrnoException {
    int id = plan.kind() == Kind.S1_ASID ? smmu.allocAsid() : smmu.allocVmid();
    try {
      return new ArmSmmuV3Domain(owner, type, smmu, plan, id, device);
    } catch (ErrnoException e) {
      release(smmu, plan, id);
      throw e;
    }
  }

  private static void release(ArmSmmuV3Device smmu, Plan plan, int id) {
    if (plan.kind() == Kind.S1_ASID) {
      smmu.freeAsid(id);
    } else {
      smmu.freeVmid(id);
    }
  }

  private static IoPgtableConfig stage1Config(ArmSmmuV3Features features, Plan plan, long sizes) {
    int widest = features.has(ArmSmmuV3Feature.WIDE_VA) ? 52 : 48;
    return new IoPgtableConfig(
        plan.dirty() ? ImmutableSet.of(Quirk.ARM_HD) : ImmutableSet.of(),
        sizes,
        Math.min(widest, VA_BITS),
        features.oas(),
        features.has(ArmSmmuV3Feature.COHERENCY));
  }

  private static IoPgtableConfig stage2Config(ArmSmmuV3Features features, Plan plan, long sizes) {
    boolean forceWriteBack =
        plan.nestParent() && features.has(ArmSmmuV3Feature.STAGE_2_FORCED_WRITE_BACK);
    return new IoPgtableConfig(
        forceWriteBack ? ImmutableSet.of(Quirk.ARM_S2FWB) : ImmutableSet.of(),
        sizes,
        features.oas(),
        features.oas(),
        features.has(ArmSmmuV3Feature.COHERENCY));
  }

  /** True if hardware can track dirty pages. Kernel: {@code arm_smmu_dbm_capable()}. */
  static boolean hasDirtyPages(ArmSmmuV3Features features) {
    return features.has(ArmSmmuV3Feature.ACCESS_FLAG)
        && features.has(ArmSmmuV3Feature.DIRTY_FLAG)
        && features.has(ArmSmmuV3Feature.COHERENCY);
  }

  ArmSmmuV3Device smmu() {
    return smmu;
  }

  boolean isStage1() {
    return plan.kind() == Kind.S1_ASID;
  }

  ArmSmmuV3DomainInvs invs() {
    return invs;
  }

  /** The context descriptor that a master of a stage-1 domain has. */
  ArmSmmuV3Entry contextDescriptor(ArmSmmuV3Master master) {
    return ArmSmmuV3Cd.stage1(
        (PgtableRegisters.Stage1) table.registers(), invs.id(), master.streamAttrs(), plan.dirty());
  }

  /** The stream table entry that a master of a stage-2 domain has. */
  ArmSmmuV3Entry streamEntry(ArmSmmuV3Master master) {
    return ArmSmmuV3Ste.stage2(
        (PgtableRegisters.Stage2) table.registers(),
        invs.id(),
        master.streamAttrs(),
        master.ats(),
        table.config().has(Quirk.ARM_S2FWB));
  }

  @Override
  protected IoPgtable pgtableIfMade() {
    return table;
  }

  @Override
  public String place() {
    return (isStage1() ? "ASID " : "VMID ") + invs.id();
  }

  @Override
  protected int readAndClearDirty(long iova, long sizeBytes, boolean clear, DirtyPages found) {
    return plan.dirty()
        ? table.readAndClearDirty(iova, sizeBytes, clear, found)
        : super.readAndClearDirty(iova, sizeBytes, clear, found);
  }

  @Override
  protected void flushIotlbAll() {
    invs.invalidateAll();
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_iotlb_sync()}. */
  @Override
  public void iotlbSync(IotlbGather gather) {
    if (gather.pgsizeBytes() == 0) {
      return; // only tables were freed, whose walks were flushed at once
    }
    long sizeBytes = gather.endIova() - gather.startIova() + 1;
    invs.invalidate(gather.startIova(), sizeBytes, gather.pgsizeBytes(), true);
  }

  @Override
  protected void free() {
    table.free();
    release(smmu, plan, invs.id());
  }

  /** Kernel: {@code arm_smmu_flush_ops}. */
  private final class Flush implements FlushOps {
    @Override
    public void flushAll() {
      invs.invalidateAll();
    }

    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
      invs.invalidate(iova, sizeBytes, granuleBytes, false);
    }

    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {
      gather.addPage(ArmSmmuV3Domain.this, iova, granuleBytes);
    }
  }
}
