package org.smmulator.iommu;

import java.util.TreeMap;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * {@code spanning}: masters of one logical device are one group, though each has an IOMMU that
 * could tell it from the others. "A bit of a hack", said Murphy in 2018: somebody has to say who
 * belongs together, and here the property {@code smmulator,iommu-group} does, with a number of the
 * board's choice.
 */
public final class SpanningGroups implements GroupPolicy {
  private final TreeMap<Integer, IommuGroup> byNumber = new TreeMap<>();

  @Override
  public IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException {
    DtNode node = device.of();
    if (node == null || !node.has("smmulator,iommu-group")) {
      return ops.deviceGroup(device);
    }
    int number = node.cell("smmulator,iommu-group");
    IommuGroup known = byNumber.get(number);
    if (known != null && iommu.groups().contains(known)) {
      return known;
    }
    IommuGroup made = iommu.newGroup();
    byNumber.put(number, made);
    return made;
  }
}
