package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import java.util.TreeMap;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.trace.Dmesg;

/** All groups by their numbers. A new one has the lowest that is free, as from an IDA. */
final class IommuGroups {
  private final Lockdep lockdep;
  private final IommuTrace trace;
  private final Dmesg dmesg;
  private final TreeMap<Integer, IommuGroup> byId = new TreeMap<>();

  IommuGroups(Lockdep lockdep, IommuTrace trace, Dmesg dmesg) {
    this.lockdep = lockdep;
    this.trace = trace;
    this.dmesg = dmesg;
  }

  IommuGroup make() {
    int id = 0;
    while (byId.containsKey(id)) {
      id++;
    }
    IommuGroup made = new IommuGroup(id, lockdep.mutex("iommu_group->mutex"), trace, dmesg);
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
