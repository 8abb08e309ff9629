package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import java.util.TreeMap;
import org.smmulator.kernel.lock.Lockdep;

/** All groups by their numbers. A new one has the lowest that is free, as from an IDA. */
final class IommuGroups {
  private final Lockdep lockdep;
  private final IommuTrace trace;
  private final TreeMap<Integer, IommuGroup> byId = new TreeMap<>();

  IommuGroups(Lockdep lockdep, IommuTrace trace) {
    this.lockdep = lockdep;
    this.trace = trace;
  }

  IommuGroup make() {
    int id = 0;
    while (byId.containsKey(id)) {
      id++;
    }
    IommuGroup made = new IommuGroup(id, lockdep.mutex("iommu_group->mutex"), trace);
    byId.put(id, made);
    return made;
  }

  /** The group has no member left. */
  void forget(IommuGroup group) {
    byId.remove(group.id());
  }

  ImmutableList<IommuGroup> all() {
    return ImmutableList.copyOf(byId.values());
  }
}
