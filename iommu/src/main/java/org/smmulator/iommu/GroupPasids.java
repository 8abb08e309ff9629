package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** The domains that a group's DMA with a PASID goes into. Guarded by the group's lock. */
final class GroupPasids {
  private final int groupId;
  private final TreeMap<Integer, IommuDomain> domains = new TreeMap<>();

  GroupPasids(int groupId) {
    this.groupId = groupId;
  }

  @Nullable IommuDomain domainOf(int pasid) {
    return domains.get(pasid);
  }

  boolean isEmpty() {
    return domains.isEmpty();
  }

  ImmutableList<Integer> all() {
    return ImmutableList.copyOf(domains.keySet());
  }

  /** All members have the PASID lead to {@code next}, or none. */
  void attach(IommuDomain next, int pasid, List<Device> members) throws ErrnoException {
    check(next, pasid, members);
    if (domains.containsKey(pasid)) {
      throw EBUSY.because("PASID %d of group %d is in use", pasid, groupId);
    }
    for (int moved = 0; moved < members.size(); moved++) {
      Device member = members.get(moved);
      if (opsOf(member).maxPasids(member) == 0) {
        continue; // it cannot send under a PASID
      }
      try {
        opsOf(member).attachPasid(next, member, pasid, null);
      } catch (ErrnoException e) {
        block(members.subList(0, moved), pasid, next);
        throw e;
      }
    }
    domains.put(pasid, next);
  }

  /** A PASID that leads nowhere is blocked already. */
  void detach(int pasid, List<Device> members) {
    IommuDomain from = domains.remove(pasid);
    if (from != null) {
      block(members, pasid, from);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a driver has an identity
  private static void check(IommuDomain next, int pasid, List<Device> members)
      throws ErrnoException {
    for (Device member : members) {
      if (!opsOf(member).attachesPasids()) {
        throw EOPNOTSUPP.because("the IOMMU of %s knows no PASID", member.name());
      }
    }
    if (pasid == PageRequest.NO_PASID) {
      throw EINVAL.because("PASID 0 is plain DMA");
    }
    for (Device member : members) {
      int supported = opsOf(member).maxPasids(member);
      if (supported > 0 && pasid >= supported) {
        throw EINVAL.because("%s has %d PASIDs, not %d", member.name(), supported, pasid);
      }
      if (next.owner() != null && next.owner() != opsOf(member)) {
        throw EINVAL.because("the domain was made by the driver of another IOMMU");
      }
    }
  }

  private static void block(List<Device> devices, int pasid, IommuDomain from) {
    for (Device device : devices) {
      if (opsOf(device).maxPasids(device) == 0) {
        continue;
      }
      try {
        opsOf(device).attachPasid(IommuDomain.Fixed.BLOCKED, device, pasid, from);
      } catch (ErrnoException e) {
        throw new IllegalStateException(device.name() + " does not let go of a PASID", e);
      }
    }
  }

  private static IommuOps opsOf(Device device) {
    return DeviceIommu.of(device).ops();
  }
}
