package org.smmulator.iommu.smmuv3;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Kind;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Target;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqBatch;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3InvRange;

/**
 * The ASID or VMID of a domain, its masters, and the invalidations that they need.
 *
 * <p>Kernel: the {@code asid}, {@code vmid}, {@code devices} and {@code invs} of {@code struct
 * arm_smmu_domain}. When the last master leaves, its TLB entries are invalidated, so that the ASID
 * or VMID of a freed domain can be allocated again at once.
 */
final class ArmSmmuV3DomainInvs {
  /**
   * A master in the domain. Kernel: {@code struct arm_smmu_master_domain}.
   *
   * @param ssid the substream, or {@link ArmSmmuV3CmdqEnt#NO_PASID}
   */
  record MasterDomain(ArmSmmuV3Master master, int ssid) {}

  private final ArmSmmuV3Device smmu;
  private final Target tag;
  private final boolean nestParent;
  private final int pageShift;
  private final ArmSmmuV3InvRange ranges;
  private final List<MasterDomain> devices = new ArrayList<>();
  private ArmSmmuV3Invs invs = ArmSmmuV3Invs.none();

  /**
   * Makes it without masters.
   *
   * @param nestParent whether guests may nest stage-1 tables in this one
   * @param pageShift log2 of the table's smallest page
   */
  ArmSmmuV3DomainInvs(ArmSmmuV3Device smmu, Kind kind, int id, boolean nestParent, int pageShift) {
    this.smmu = smmu;
    this.tag = Target.tag(kind, id);
    this.nestParent = nestParent;
    this.pageShift = pageShift;
    this.ranges = new ArmSmmuV3InvRange(smmu.features().has(ArmSmmuV3Feature.RANGE_INVALIDATION));
  }

  ArmSmmuV3Device smmu() {
    return smmu;
  }

  /** The ASID or VMID. */
  int id() {
    return tag.id();
  }

  ImmutableList<MasterDomain> devices() {
    return ImmutableList.copyOf(devices);
  }

  /** Adds a master, before the hardware's configuration names the domain. */
  void add(MasterDomain master) {
    devices.add(master);
    invs = invs.merge(targets(master));
  }

  /**
   * Removes a master, after the hardware's configuration no longer names the domain. Kernel: {@code
   * arm_smmu_install_old_domain_invs()}.
   */
  void remove(MasterDomain master) {
    devices.remove(master);
    invs.unref(targets(master));
    if (!invs.has(tag)) {
      // No master invalidates under this tag any more, so no entry may be left.
      smmu.cmdq().issueWithSync(everything(), 0);
    }
    invs = invs.purge();
  }

  /** Sorted, as {@link ArmSmmuV3Invs} wants it. Kernel: {@code arm_smmu_master_build_invs()}. */
  private List<Target> targets(MasterDomain master) {
    List<Target> targets = new ArrayList<>();
    targets.add(tag);
    if (nestParent) {
      targets.add(Target.tag(Kind.S2_VMID_S1_CLEAR, tag.id()));
    }
    if (master.master().ats()) {
      Kind ats = nestParent ? Kind.ATS_FULL : Kind.ATS;
      master.master().sids().stream()
          .forEach(sid -> targets.add(new Target(ats, sid, master.ssid())));
    }
    return targets;
  }

  /** Invalidates all translations of the domain, and syncs. */
  void invalidateAll() {
    invalidate(0, 0, 0, false);
  }

  /**
   * Invalidates the translations of a range, and syncs. Kernel: {@code
   * arm_smmu_domain_inv_range()}.
   *
   * @param sizeBytes 0 for everything
   * @param leaf whether only leaves have changed, no tables
   */
  void invalidate(long iova, long sizeBytes, long granuleBytes, boolean leaf) {
    // A master that is added or removed meanwhile makes a new array and invalidates its own
    // entries.
    ArmSmmuV3Invs targets = invs;
    if (targets.size() == 0) {
      return;
    }
    ArmSmmuV3CmdqBatch batch = smmu.cmdq().batch();
    Kind previous = tag.kind();
    for (int i = 0; i < targets.size(); i++) {
      if (targets.users(i) == 0) {
        continue;
      }
      Target target = targets.target(i);
      // Stage 1 must not be walked again through what is still in the TLB of stage 2, and a device
      // that asks again must not get it.
      if (target.kind().waitsFor(previous) && !batch.isEmpty()) {
        batch.sync();
      }
      add(batch, target, iova, sizeBytes, granuleBytes, leaf);
      previous = target.kind();
    }
    batch.end();
  }

  private void add(
      ArmSmmuV3CmdqBatch batch,
      Target target,
      long iova,
      long sizeBytes,
      long granuleBytes,
      boolean leaf) {
    switch (target.kind()) {
      case S1_ASID, S2_VMID -> {
        if (ranges.isTooBig(sizeBytes, granuleBytes)) {
          batch.add(everything());
        } else {
          ranges.add(batch, range(), leaf, iova, sizeBytes, granuleBytes, pageShift);
        }
      }
      case S2_VMID_S1_CLEAR -> {
        // A guest's entries have its own addresses, which are unknown here. CMD_TLBI_S12_VMALL has
        // taken them along.
        if (!ranges.isTooBig(sizeBytes, granuleBytes)) {
          batch.add(ArmSmmuV3CmdqEnt.invalidateStage1(target.id()));
        }
      }
      case ATS_FULL ->
          batch.add(
              ArmSmmuV3CmdqEnt.invalidateAtc(target.id(), ArmSmmuV3CmdqEnt.NO_PASID),
              ArmSmmuV3CmdqEnt.atcSpan(0, 0));
      case ATS ->
          batch.add(
              ArmSmmuV3CmdqEnt.invalidateAtc(target.id(), target.ssid()),
              ArmSmmuV3CmdqEnt.atcSpan(iova, sizeBytes));
    }
  }

  private long everything() {
    return tag.kind() == Kind.S1_ASID
        ? ArmSmmuV3CmdqEnt.invalidateAsid(tag.id())
        : ArmSmmuV3CmdqEnt.invalidateVmid(tag.id());
  }

  private long range() {
    return tag.kind() == Kind.S1_ASID
        ? ArmSmmuV3CmdqEnt.invalidateVa(tag.id())
        : ArmSmmuV3CmdqEnt.invalidateIpa(tag.id());
  }
}
