package org.smmulator.iommu.qcom;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.Device;

/** A master with the context banks of its streams. */
record QcomIommuMaster(QcomIommuDev iommu, ImmutableList<QcomIommuCtx> contexts) {
  /** The state of a device that the driver has taken. */
  static QcomIommuMaster of(Device device) {
    QcomIommuMaster master = device.find(QcomIommuMaster.class);
    checkState(master != null, "%s is not behind this driver's IOMMU", device.name());
    return master;
  }

  /** Disables translation in all banks. Kernel: {@code qcom_iommu_identity_attach()}. */
  void disable() {
    iommu.awake(() -> contexts.forEach(QcomIommuCtx::disable));
  }
}
