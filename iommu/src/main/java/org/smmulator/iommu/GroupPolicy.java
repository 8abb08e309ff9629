package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/** Decides which devices belong together: the switch {@code iommu.groups}. */
public sealed interface GroupPolicy {
  /**
   * The group that {@code device} joins.
   *
   * @param iommu makes a group if there is none yet
   * @throws ErrnoException EINVAL if it would belong to two
   */
  IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException;

  /**
   * Takes a driver's word that two devices are parts of one.
   *
   * @throws ErrnoException EOPNOTSUPP if that is not for drivers to say
   */
  default void tell(Device leader, Device member) throws ErrnoException {
    throw EOPNOTSUPP.because("groups are not for drivers to tell");
  }

  /**
   * {@code per-master}: the IOMMU's driver knows which devices it cannot tell apart; all others
   * have a group of their own. Linux does so.
   */
  record PerMaster() implements GroupPolicy {
    @Override
    public IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException {
      return ops.deviceGroup(device);
    }
  }

  /**
   * {@code spanning}: masters of one logical device are one group, though each has an IOMMU that
   * could tell it from the others. "A bit of a hack", said Murphy in 2018: somebody has to say who
   * belongs together, and here the property {@code smmulator,iommu-group} does, with a number of
   * the board's choice.
   */
  final class Spanning implements GroupPolicy {
    private static final String PROPERTY = "smmulator,iommu-group";

    private final TreeMap<Integer, IommuGroup> byNumber = new TreeMap<>();

    @Override
    public IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException {
      DtNode node = device.of();
      if (node == null || !node.has(PROPERTY)) {
        return ops.deviceGroup(device);
      }
      int number = node.cell(PROPERTY);
      IommuGroup known = byNumber.get(number);
      if (known != null && iommu.groups().contains(known)) {
        return known;
      }
      IommuGroup made = iommu.newGroup();
      byNumber.put(number, made);
      return made;
    }
  }

  /**
   * {@code driver-told}: the driver of a logical device says which devices are parts of it, before
   * it attaches the first: the question that 2018 left open. Who was not told of is as under {@link
   * PerMaster}.
   */
  final class DriverTold implements GroupPolicy {
    // Looked up by device, never iterated.
    private final Map<Device, Device> leaders = new HashMap<>();

    @Override
    public IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException {
      Device leader = leaders.get(device);
      IommuGroup told = leader == null ? null : iommu.groupOf(leader);
      return told == null ? ops.deviceGroup(device) : told;
    }

    @Override
    public void tell(Device leader, Device member) {
      leaders.put(member, leader);
    }
  }
}
