package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3SvaCpu;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.msi.MsiFrame;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * The driver of Arm SMMUs, version 3. Kernel: {@code drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c}.
 */
public final class ArmSmmuV3Driver implements PlatformDriver {
  private final IommuServices services;
  private final MsiFrames frames;
  private final ArmSmmuV3Globals globals;
  private final ArmSmmuV3Ops ops;

  /**
   * Makes the driver.
   *
   * @param iopf handles page requests and stalls
   */
  @Inject
  public ArmSmmuV3Driver(IommuServices services, MsiFrames frames, ArmSmmuV3Iopf iopf) {
    this.services = services;
    this.frames = frames;
    this.globals =
        new ArmSmmuV3Globals(
            ArmSmmuV3SvaCpu.ofThisMachine(),
            new ArmSmmuV3Ida(Site.ASID, services.kernel().faults()),
            services.kernel().lockdep().mutex("arm_smmu_asid_lock"),
            iopf);
    this.ops = new ArmSmmuV3Ops(services, globals);
  }

  @Override
  public String name() {
    return "arm-smmu-v3";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("arm,smmu-v3");
  }

  @Override
  public boolean suppressBindAttrs() {
    return true;
  }

  /**
   * {@inheritDoc} Kernel: the part of {@code arm_smmu_device_probe()} that reads firmware.
   *
   * @throws ErrnoException EINVAL for a node that is not an SMMUv3's; ENXIO, ENOMEM, ETIMEDOUT from
   *     the rest of the probe
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    DtNode node = device.node();
    checkCells(device, node);
    var registers = device.registers(0);
    if (registers.sizeBytes() < SmmuV3Regs.SIZE_BYTES) {
      long base = node.reg().getFirst().base();
      device.err(
          "MMIO region too small ([mem 0x%08x-0x%08x])", base, base + registers.sizeBytes() - 1);
      throw EINVAL.because("%d bytes of registers", registers.sizeBytes());
    }
    probe(
        new ArmSmmuV3Device.Resources(
            device, registers, OfDma.isCoherent(node), interrupts(device, node), messages(node)));
  }

  /**
   * The frame of {@code msi-parent}; null if the node names none that a driver has: the driver core
   * has waited for one that still could.
   */
  private @Nullable MsiFrame messages(DtNode node) {
    ImmutableList<DtReference> parents = node.references("msi-parent", "#msi-cells");
    return parents.isEmpty() ? null : frames.find(parents.getFirst().node());
  }

  /** Kernel: {@code arm_smmu_device_dt_probe()}. */
  private static void checkCells(Device device, DtNode node) throws ErrnoException {
    if (!node.has("#iommu-cells")) {
      device.err("missing #iommu-cells property");
      throw EINVAL.because("missing #iommu-cells property");
    }
    int cells = node.cell("#iommu-cells");
    if (cells != 1) {
      device.err("invalid #iommu-cells value (%d)", cells);
      throw EINVAL.because("#iommu-cells of %d", cells);
    }
  }

  private static ArmSmmuV3Device.Interrupts interrupts(PlatformDevice device, DtNode node)
      throws ErrnoException {
    IrqLine combined = line(device, node, "combined");
    if (combined != null) {
      return new ArmSmmuV3Device.Interrupts(combined, null, null, null);
    }
    return new ArmSmmuV3Device.Interrupts(
        null,
        line(device, node, "eventq"),
        line(device, node, "priq"),
        line(device, node, "gerror"));
  }

  private static @Nullable IrqLine line(PlatformDevice device, DtNode node, String name)
      throws ErrnoException {
    boolean named = node.has("interrupt-names") && node.strings("interrupt-names").contains(name);
    return named ? device.irqByName(name) : null;
  }

  /** The rest of the probe: from here on in the kernel's order. */
  void probe(ArmSmmuV3Device.Resources found) throws ErrnoException {
    Device device = found.device();
    ArmSmmuV3Device smmu = new ArmSmmuV3Device(found, services, globals, ops);
    device.attach(ArmSmmuV3Device.class, smmu);
    device.devres().add("forget the SMMU", () -> device.detach(ArmSmmuV3Device.class));
    ArmSmmuV3Reset reset = new ArmSmmuV3Reset(smmu);
    device.devres().add("disable smmu", reset::disable);
    reset.reset();
    try {
      services.iommu().bus().register(smmu.instance());
    } catch (ErrnoException e) {
      device.err("Failed to register iommu");
      throw e;
    }
    device.devres().add("unregister", () -> services.iommu().bus().unregister(smmu.instance()));
  }
}
