package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/**
 * The device-tree binding of masters: their {@code iommus}, or the older {@code mmu-masters} of the
 * SMMU. All SMMUs of a machine must agree. Kernel: {@code using_legacy_binding}, {@code
 * using_generic_binding}.
 *
 * <p>Devices that are only listed get no DMA API: their default domain is identity.
 */
final class ArmSmmuDtBinding {
  private static final String MASTERS = "mmu-masters";

  private boolean legacy;
  private boolean generic;

  /**
   * Records the binding of an SMMU's node. Kernel: {@code arm_smmu_device_dt_probe()}.
   *
   * @throws ErrnoException ENODEV if an SMMU before it used the other binding
   */
  void admit(Device smmu) throws ErrnoException {
    DtNode node = smmu.of();
    boolean lists = node != null && node.has(MASTERS);
    if (lists ? generic : legacy) {
      smmu.err("not probing due to mismatched DT properties");
      throw ENODEV.because("%s and others say differently who masters through them", smmu.name());
    }
    if (lists && !legacy) {
      smmu.info("deprecated \"mmu-masters\" DT property in use; %s support unavailable", "DMA API");
    }
    legacy = lists;
    generic = !lists;
  }

  /** True if SMMUs list their masters. */
  boolean isLegacy() {
    return legacy;
  }

  /**
   * The ids that an SMMU's node has for a device. Kernel: {@code
   * arm_smmu_register_legacy_master()}.
   */
  static ImmutableIntArray idsOf(@Nullable DtNode smmu, @Nullable DtNode master) {
    if (smmu != null && master != null) {
      for (DtReference listed : smmu.references(MASTERS, "#stream-id-cells")) {
        if (listed.node().equals(master)) {
          return listed.args();
        }
      }
    }
    return ImmutableIntArray.of();
  }
}
