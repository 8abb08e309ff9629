package org.smmulator.iommu.smmuv3;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * The invalidations that a change of a domain's table needs: sorted, each with its number of users.
 * Kernel: {@code struct arm_smmu_invs}.
 *
 * <p>An invalidation works through the array that it found. So an array only loses users, and
 * shrinks at its end; any other change makes a new one.
 */
// The kernel's array may name several SMMUs. Here, as in the kernel today, a domain lives on one.
final class ArmSmmuV3Invs {
  /**
   * The kinds of invalidation, in the order in which they happen. Kernel: {@code enum
   * arm_smmu_inv_type}.
   */
  enum Kind {
    /** Stage-1 translations under an ASID. */
    S1_ASID,
    /** Stage-2 translations under a VMID. */
    S2_VMID,
    /** Stage-1 translations of a guest, made through the stage 2 of a VMID. */
    S2_VMID_S1_CLEAR,
    /** A device's ATC, of a stream id and a substream. */
    ATS,
    /** The same, all of it: an address of the domain is none of those that the device knows. */
    ATS_FULL;

    /**
     * True if commands of this kind must wait for those of {@code previous} to be done. Kernel:
     * {@code arm_smmu_invs_end_batch()}.
     */
    boolean waitsFor(Kind previous) {
      boolean staleStage1 = this == S2_VMID_S1_CLEAR && previous != S2_VMID_S1_CLEAR;
      boolean staleTlb = isAts() && !previous.isAts();
      return staleStage1 || staleTlb;
    }

    private boolean isAts() {
      return this == ATS || this == ATS_FULL;
    }
  }

  /**
   * One invalidation. Kernel: {@code struct arm_smmu_inv}.
   *
   * @param id an ASID, a VMID or a stream id
   * @param ssid the substream, for ATS; else 0
   */
  record Target(Kind kind, int id, int ssid) implements Comparable<Target> {
    static Target tag(Kind kind, int id) {
      return new Target(kind, id, 0);
    }

    /** Kernel: {@code arm_smmu_inv_cmp()}. */
    @Override
    public int compareTo(Target other) {
      int byKind = kind.compareTo(other.kind);
      int byId = byKind != 0 ? byKind : Integer.compareUnsigned(id, other.id);
      return byId != 0 ? byId : Integer.compare(ssid, other.ssid);
    }
  }

  /** The empty array of a new domain. */
  static ArmSmmuV3Invs none() {
    return new ArmSmmuV3Invs(ImmutableList.of(), new int[0]);
  }

  private final ImmutableList<Target> targets;
  private final int[] users;
  private int size;
  private int trashes;

  private ArmSmmuV3Invs(ImmutableList<Target> targets, int[] users) {
    this.targets = targets;
    this.users = users;
    this.size = targets.size();
  }

  int size() {
    return size;
  }

  Target target(int index) {
    return targets.get(index);
  }

  /** The number of users; 0 for trash, which an invalidation skips. */
  int users(int index) {
    return users[index];
  }

  /** The number of targets without users among the others. */
  int trashes() {
    return trashes;
  }

  /** True if {@code target} has users. */
  boolean has(Target target) {
    int at = targets.indexOf(target);
    return at >= 0 && at < size && users[at] > 0;
  }

  /**
   * A new array with one more user of each of {@code added}, which are sorted. Kernel: {@code
   * arm_smmu_invs_merge()}.
   */
  ArmSmmuV3Invs merge(List<Target> added) {
    List<Target> merged = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    int mine = 0;
    int theirs = 0;
    while (mine < size || theirs < added.size()) {
      if (mine < size && users[mine] == 0) {
        mine++;
        continue;
      }
      int order =
          mine == size
              ? 1
              : theirs == added.size() ? -1 : targets.get(mine).compareTo(added.get(theirs));
      merged.add(order <= 0 ? targets.get(mine) : added.get(theirs));
      counts.add((order <= 0 ? users[mine] : 0) + (order >= 0 ? 1 : 0));
      mine += order <= 0 ? 1 : 0;
      theirs += order >= 0 ? 1 : 0;
    }
    return of(merged, counts);
  }

  /**
   * Takes one user from each of {@code removed}. What has none left is trash; trash at the end goes
   * at once. Kernel: {@code arm_smmu_invs_unref()}.
   */
  void unref(List<Target> removed) {
    for (Target target : removed) {
      int at = targets.indexOf(target);
      checkState(at >= 0 && at < size && users[at] > 0, "%s is not in use", target);
      users[at]--;
      trashes += users[at] == 0 ? 1 : 0;
    }
    while (size > 0 && users[size - 1] == 0) {
      size--;
      trashes--;
    }
  }

  /** A new array without trash. Kernel: {@code arm_smmu_invs_purge()}. */
  ArmSmmuV3Invs purge() {
    return merge(ImmutableList.of());
  }

  private static ArmSmmuV3Invs of(List<Target> targets, List<Integer> counts) {
    return new ArmSmmuV3Invs(
        ImmutableList.copyOf(targets), counts.stream().mapToInt(Integer::intValue).toArray());
  }
}
