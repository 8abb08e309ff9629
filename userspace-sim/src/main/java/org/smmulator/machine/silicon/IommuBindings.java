package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/**
 * The IOMMUs that devices master through, with an entry for each stream: from {@code
 * smmulator,master} of the device's node, else from what software reads too, {@code iommus} of the
 * device's node or {@code mmu-masters} of an older SMMU's.
 */
final class IommuBindings {
  private final ImmutableListMultimap<DtNode, DtReference> mmuMasters;

  IommuBindings(DeviceTree tree) {
    ImmutableListMultimap.Builder<DtNode, DtReference> found = ImmutableListMultimap.builder();
    for (DtNode smmu : tree.nodes()) {
      for (DtReference master : listedBy(smmu)) {
        master
            .args()
            .forEach(
                id -> found.put(master.node(), new DtReference(smmu, ImmutableIntArray.of(id))));
      }
    }
    mmuMasters = found.build();
  }

  /** A list that cannot be read is for the driver to complain about. */
  private static ImmutableList<DtReference> listedBy(DtNode smmu) {
    try {
      return smmu.references("mmu-masters", "#stream-id-cells");
    } catch (DeviceTreeException e) {
      return ImmutableList.of();
    }
  }

  ImmutableList<DtReference> of(DtNode device) {
    ImmutableList<DtReference> wired = device.references("smmulator,master", "#iommu-cells");
    if (!wired.isEmpty()) {
      return wired;
    }
    ImmutableList<DtReference> own = device.references("iommus", "#iommu-cells");
    return own.isEmpty() ? mmuMasters.get(device) : own;
  }
}
