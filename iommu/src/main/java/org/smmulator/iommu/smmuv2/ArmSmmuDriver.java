package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.irq.IrqLine;

/** The driver of Arm SMMUs, version 2. Kernel: {@code drivers/iommu/arm/arm-smmu/arm-smmu.c}. */
public final class ArmSmmuDriver {
  private final SmmuServices services;
  private final ArmSmmuOps ops;

  public ArmSmmuDriver(SmmuServices services) {
    this.services = services;
    this.ops = new ArmSmmuOps(services);
  }

  /** Kernel: {@code arm_smmu_device_probe()}. */
  void probe(ArmSmmu.Resources found) throws ErrnoException {
    Device device = found.device();
    ArmSmmu smmu = new ArmSmmu(found, services, ops, implFor(device));
    checkContextIrqs(found, smmu.features());
    for (IrqLine line : found.globalIrqs()) {
      var _ = line.request("arm-smmu global fault", smmu.faults()::global);
    }
    device.attach(ArmSmmu.class, smmu);
    smmu.reset();
    smmu.streams().testMasks();
    services.iommu().register(smmu.instance());
  }

  private static void checkContextIrqs(ArmSmmu.Resources found, SmmuFeatures features)
      throws ErrnoException {
    int irqs = found.contextIrqs().size();
    if (irqs < features.contextBanks()) {
      found
          .device()
          .err("found only %d context irq(s) but %d required", irqs, features.contextBanks());
      throw ENODEV.because("%d context irqs for %d banks", irqs, features.contextBanks());
    }
  }

  /** Kernel: {@code arm_smmu_impl_init()}, {@code qcom_smmu_impl_init()}. */
  private static SmmuImpl implFor(Device device) {
    DtNode node = device.of();
    if (node == null || !node.isCompatible("qcom,adreno-smmu")) {
      return new GenericSmmuImpl();
    }
    return new QcomAdrenoImpl(!node.isCompatible("qcom,msm8996-smmu-v2"));
  }

  /** What the driver binds to. Kernel: {@code arm_smmu_of_match}. */
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("arm,smmu-v2", "qcom,smmu-v2");
  }
}
