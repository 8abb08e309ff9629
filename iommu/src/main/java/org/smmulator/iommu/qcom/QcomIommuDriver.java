package org.smmulator.iommu.qcom;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.regs.smmuv2.QcomIommuLocal;

/**
 * The driver of MSM8916's IOMMUs. Kernel: {@code drivers/iommu/arm/arm-smmu/qcom_iommu.c}.
 *
 * <p>Each context bank is a node below the IOMMU's; in Linux a second driver binds to it, here the
 * IOMMU's probe does its work.
 */
public final class QcomIommuDriver implements PlatformDriver {
  private static final int BANK_BYTES = 0x1000;
  private static final int ALL_BANKS = 0xffff_ffff;

  /** The resources of the IOMMU's node. */
  record Resources(
      Device device,
      RuntimePm pm,
      ImmutableList<Supply> clocks,
      @Nullable Mmio local,
      int secureId,
      ImmutableList<Bank> banks) {}

  /** The resources of a context bank's node. */
  record Bank(Device device, Mmio registers, IrqLine irq, int asid) {}

  private final IommuServices services;
  private final SecureMonitor firmware;
  private final QcomIommuOps ops;

  /**
   * Makes the driver.
   *
   * @param firmware makes a secure bank accessible to this driver
   */
  @Inject
  public QcomIommuDriver(IommuServices services, SecureMonitor firmware) {
    this.services = services;
    this.firmware = firmware;
    this.ops = new QcomIommuOps(services);
  }

  @Override
  public String name() {
    return "qcom-iommu";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("qcom,msm-iommu-v1");
  }

  /**
   * {@inheritDoc} Kernel: {@code qcom_iommu_device_probe()}.
   *
   * @throws ErrnoException ENODEV for a node without clocks or secure id
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    DtNode node = device.node();
    ImmutableList<String> clocks =
        node.has("clock-names") ? node.strings("clock-names") : ImmutableList.of();
    for (String needed : ImmutableList.of("iface", "bus")) {
      if (!clocks.contains(needed)) {
        device.err("failed to get %s clock", needed);
        throw ENODEV.because("no clock '%s'", needed);
      }
    }
    if (!node.has("qcom,iommu-secure-id")) {
      device.err("missing qcom,iommu-secure-id property");
      throw ENODEV.because("missing qcom,iommu-secure-id property");
    }
    ImmutableList.Builder<Bank> banks = ImmutableList.builder();
    for (PlatformDevice child : device.children()) {
      banks.add(bank(child));
    }
    probe(
        new Resources(
            device,
            device.pm(),
            device.clocks(),
            node.reg().isEmpty() ? null : device.registers(0),
            node.cell("qcom,iommu-secure-id"),
            banks.build()));
  }

  /** Kernel: {@code qcom_iommu_ctx_probe()}. */
  private static Bank bank(PlatformDevice child) throws ErrnoException {
    DtNode node = child.node();
    int inParent = node.cells("reg").get(0);
    int asid = node.cell("qcom,ctx-asid", inParent / BANK_BYTES);
    return new Bank(child, child.registers(0), child.irq(0), asid);
  }

  /** The rest of the probe. */
  void probe(Resources found) throws ErrnoException {
    Device device = found.device();
    QcomIommuDev iommu = new QcomIommuDev(device, found.pm(), firmware, found.secureId(), ops);
    device.attach(QcomIommuDev.class, iommu);
    device.devres().add("forget the IOMMU", () -> device.detach(QcomIommuDev.class));
    // qcom_iommu_resume(), qcom_iommu_suspend()
    found.pm().enable(RuntimePm.Callbacks.clocks(found.clocks()), false);
    for (Bank bank : found.banks()) {
      QcomIommuCtx context =
          new QcomIommuCtx(
              bank.device(), bank.registers(), bank.asid(), services.kernel().scheduler());
      iommu.awake(context::clearFaults);
      IrqLine.Registration irq =
          bank.irq().request("qcom-iommu-fault", () -> context.fault(services.iommu()));
      device.devres().add("free the fault interrupt of a bank", irq::close);
      iommu.add(context);
    }
    try {
      services.iommu().bus().register(iommu.instance());
    } catch (ErrnoException e) {
      device.err("Failed to register iommu");
      throw e;
    }
    device.devres().add("unregister", () -> services.iommu().bus().unregister(iommu.instance()));
    Mmio local = found.local();
    if (local != null) {
      iommu.awake(() -> local.write(QcomIommuLocal.INTR_SEL_NS, ALL_BANKS));
    }
  }
}
