package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.irq.IrqLine;

/**
 * The driver of Arm SMMUs, versions 1 and 2. Kernel: {@code drivers/iommu/arm/arm-smmu/arm-smmu.c}.
 */
public final class ArmSmmuDriver implements PlatformDriver {
  private final IommuServices services;
  private final SmmuDesign design;
  private final ArmSmmuDtBinding binding = new ArmSmmuDtBinding();
  private final ArmSmmuOps ops;

  @Inject
  public ArmSmmuDriver(IommuServices services, SmmuDesign design) {
    this.services = services;
    this.design = design;
    this.ops = new ArmSmmuOps(services, binding);
  }

  @Override
  public String name() {
    return "arm-smmu";
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_of_match}. */
  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of(
        "arm,smmu-v1", "arm,smmu-v2", "arm,mmu-400", "arm,mmu-401", "arm,mmu-500", "qcom,smmu-v2");
  }

  @Override
  public boolean suppressBindAttrs() {
    return true;
  }

  /**
   * {@inheritDoc} Kernel: the part of {@code arm_smmu_device_probe()} that reads firmware.
   *
   * @throws ErrnoException ENODEV for a node or hardware that this driver cannot use
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    DtNode node = device.node();
    if (!node.has("#global-interrupts")) {
      throw refusal(device, "missing #global-interrupts property");
    }
    int globals = node.cell("#global-interrupts");
    int irqs = device.irqCount();
    if (Integer.compareUnsigned(irqs, globals) <= 0) {
      throw refusal(
          device, "found %d interrupts but expected at least %d".formatted(irqs, globals + 1));
    }
    ArmSmmuRpm power = new ArmSmmuRpm(device, device.clocks());
    power.clocksOn();
    device.devres().add("disable the clocks", power::clocksOff);
    probe(
        new ArmSmmuDevice.Resources(
            device,
            device.registers(0),
            power,
            OfDma.isCoherent(node),
            lines(device, 0, globals),
            lines(device, globals, irqs)));
  }

  /** Kernel: {@code dev_err_probe()}. */
  private static ErrnoException refusal(Device device, String why) {
    device.err("error -%s: %s", ENODEV, why);
    return ENODEV.because("%s", why);
  }

  private static ImmutableList<IrqLine> lines(PlatformDevice device, int from, int to)
      throws ErrnoException {
    ImmutableList.Builder<IrqLine> lines = ImmutableList.builder();
    for (int i = from; i < to; i++) {
      lines.add(device.irq(i));
    }
    return lines.build();
  }

  /** The rest of the probe: from here on in the kernel's order. */
  void probe(ArmSmmuDevice.Resources found) throws ErrnoException {
    Device device = found.device();
    binding.admit(device);
    ArmSmmuDevice smmu =
        new ArmSmmuDevice(
            found,
            services,
            design,
            ops,
            ArmSmmuArchVersion.of(device.of()),
            implFor(device, design));
    smmu.impl().takeOver(smmu);
    checkContextIrqs(found, smmu.features());
    for (IrqLine line : found.globalIrqs()) {
      IrqLine.Registration irq = line.request("arm-smmu global fault", smmu.faults()::global);
      device.devres().add("free the global fault interrupt", irq::close);
    }
    device.attach(ArmSmmuDevice.class, smmu);
    device.devres().add("forget the SMMU", () -> device.detach(ArmSmmuDevice.class));
    smmu.preserveBootMappings();
    smmu.reset();
    smmu.streams().testMasks();
    device.devres().add("disable smmu", smmu::disable);
    register(smmu);
    device.devres().add("unregister", () -> services.iommu().bus().unregister(smmu.instance()));
    if (smmu.power().hasDomain()) {
      smmu.power().enableSleep(smmu::reset);
    }
  }

  private void register(ArmSmmuDevice smmu) throws ErrnoException {
    try {
      services.iommu().bus().register(smmu.instance());
    } catch (ErrnoException e) {
      throw e.errno().because("Failed to register iommu");
    }
  }

  /** The banks of version 1 share what there is. */
  private static void checkContextIrqs(ArmSmmuDevice.Resources found, ArmSmmuFeatures features)
      throws ErrnoException {
    int irqs = found.contextIrqs().size();
    if (!features.isV1() && irqs < features.contextBanks()) {
      found
          .device()
          .err("found only %d context irq(s) but %d required", irqs, features.contextBanks());
      throw ENODEV.because("%d context irqs for %d banks", irqs, features.contextBanks());
    }
  }

  /** Kernel: {@code arm_smmu_impl_init()}, {@code qcom_smmu_impl_init()}. */
  private static ArmSmmuImpl implFor(Device device, SmmuDesign design) {
    DtNode node = device.of();
    if (node == null) {
      return ArmSmmuImpl.generic();
    }
    QcomSmmuMatchData qcom = QcomSmmuMatchData.of(node);
    if (qcom == null) {
      return node.isCompatible("arm,mmu-500") ? new ArmMmu500Impl() : ArmSmmuImpl.generic();
    }
    return qcom.adreno()
        ? new QcomAdrenoSmmuImpl(qcom, design.contextBanks(), design.gpuDefaultDomain())
        : new QcomSmmuImpl(qcom, design.gpuDefaultDomain());
  }
}
