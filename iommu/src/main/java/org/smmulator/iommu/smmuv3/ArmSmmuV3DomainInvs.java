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
 * What marks a domain's translations in an SMMU, an ASID or a VMID, and everyone who uses them.
 *
 * <p>Kernel: the {@code asid}, {@code vmid}, {@code devices} and {@code invs} of {@code struct
 * arm_smmu_domain}. A tag that no master uses is not in the hardware's TLB: it was emptied when the
 * last one left. So the tag of a freed domain may be given to another at once.
 */
final class ArmSmmuV3DomainInvs {
  /**
   * A master in the domain.
   *
   * @param ssid the substream, or {@link ArmSmmuV3CmdqEnt#NO_PASID}
   */
  record User(ArmSmmuV3Master master, int ssid) {}

  private final ArmSmmuV3Device smmu;
  private final Target tag;
  private final boolean guests;
  private final int pageShift;
  private final ArmSmmuV3InvRange ranges;
  private final List<User> users = new ArrayList<>();
  private ArmSmmuV3Invs invalidations = ArmSmmuV3Invs.none();

  /**
   * Makes a tag that nobody uses yet.
   *
   * @param guests whether guests may have tables of their own on top of this one
   * @param pageShift log2 of the table's smallest page
   */
  ArmSmmuV3DomainInvs(ArmSmmuV3Device smmu, Kind kind, int id, boolean guests, int pageShift) {
    this.smmu = smmu;
    this.tag = Target.tag(kind, id);
    this.guests = guests;
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

  ImmutableList<User> users() {
    return ImmutableList.copyOf(users);
  }

  /** From now on changes reach the TLB entries that {@code user} is about to make. */
  void add(User user) {
    users.add(user);
    invalidations = invalidations.merge(targets(user));
  }

  /**
   * The user is gone from the hardware's configuration. Kernel: {@code
   * arm_smmu_install_old_domain_invs()}.
   */
  void remove(User user) {
    users.remove(user);
    invalidations.unref(targets(user));
    if (!invalidations.has(tag)) {
      // Nobody invalidates under this tag any more, so nothing may be left there.
      smmu.cmdq().issueWithSync(everything(), 0);
    }
    invalidations = invalidations.purge();
  }

  /** Sorted, as {@link ArmSmmuV3Invs} wants it. Kernel: {@code arm_smmu_master_build_invs()}. */
  private List<Target> targets(User user) {
    List<Target> targets = new ArrayList<>();
    targets.add(tag);
    if (guests) {
      targets.add(Target.tag(Kind.S2_VMID_S1_CLEAR, tag.id()));
    }
    if (user.master().ats()) {
      user.master().sids().stream()
          .sorted()
          .forEach(sid -> targets.add(new Target(Kind.ATS, sid, user.ssid())));
    }
    return targets;
  }

  /** Returns when nobody has a translation of this domain any more. */
  void invalidateAll() {
    invalidate(0, 0, 0, false);
  }

  /**
   * Returns when nobody has a translation of a range any more. Kernel: {@code
   * arm_smmu_domain_inv_range()}.
   *
   * @param sizeBytes 0 for everything
   * @param leaf whether only leaves have changed, no tables
   */
  void invalidate(long iova, long sizeBytes, long granuleBytes, boolean leaf) {
    // A master that comes or goes meanwhile makes a new array; it sees to its own entries.
    ArmSmmuV3Invs targets = invalidations;
    if (targets.size() == 0) {
      return;
    }
    ArmSmmuV3CmdqBatch batch = smmu.cmdq().batch();
    boolean translationsGone = false;
    for (int i = 0; i < targets.size(); i++) {
      if (targets.users(i) == 0) {
        continue;
      }
      Target target = targets.target(i);
      if (target.kind() == Kind.ATS && !translationsGone) {
        // A device that asks again must not be given what is still in the TLB.
        batch.sync();
        translationsGone = true;
      }
      add(batch, target, iova, sizeBytes, granuleBytes, leaf);
    }
    batch.submit();
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
      // A guest's entries are tagged with its own addresses, which nobody knows here.
      case S2_VMID_S1_CLEAR -> batch.add(ArmSmmuV3CmdqEnt.invalidateStage1(target.id()));
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
