package org.smmulator.iommu;

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
}
