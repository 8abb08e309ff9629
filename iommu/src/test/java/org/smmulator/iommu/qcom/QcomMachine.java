package org.smmulator.iommu.qcom;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.qcom.QcomIommu;
import org.smmulator.hw.qcom.QcomSecureWorld;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.StoreLog;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;

/**
 * An MSM8916's IOMMU for applications, with three banks of which the third is secure; a display
 * that masters through the first two, a video engine that masters through the third.
 */
final class QcomMachine implements IommuHarness {
  static final int SECURE_BANK = 3;

  private static final int BANKS = 3;
  private static final int FIRST_IRQ = 100;
  private static final int SECURE_ID = 17;
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            apps: iommu@1ef0000 {
              compatible = "qcom,msm8916-iommu", "qcom,msm-iommu-v1";
              #iommu-cells = <1>;
              context1@1000 { compatible = "qcom,msm-iommu-v1-ns"; };
              context2@2000 { compatible = "qcom,msm-iommu-v1-ns"; };
              context3@3000 { compatible = "qcom,msm-iommu-v1-sec"; };
            };
            mdp@1a01000 { iommus = <&apps 1>, <&apps 2>; };
            venus@1d00000 { iommus = <&apps 3>; };
          };
          """);

  final TestKernel kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER);
  final Wire clock = Wire.low();
  final QcomIommu model;
  private final Losses losses = new Losses();
  private final List<String> stores = new ArrayList<>();
  final QcomSecureWorld firmware = new QcomSecureWorld();
  final Device iommu;
  final Device mdp;
  final Device venus;

  QcomMachine() throws Exception {
    this(1_000);
  }

  /**
   * Makes one.
   *
   * @param windowNs how long an invalidation takes
   */
  QcomMachine(long windowNs) throws Exception {
    ImmutableList.Builder<QcomIommu.Bank> banks = ImmutableList.builder();
    for (int bank = 1; bank <= BANKS; bank++) {
      banks.add(new QcomIommu.Bank(bank, bank == SECURE_BANK, kernel.irqs.line(FIRST_IRQ + bank)));
    }
    this.model =
        new QcomIommu(
            banks.build(),
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, windowNs),
            kernel.scheduler,
            kernel.dram);
    firmware.knows(SECURE_ID, model);
    this.iommu = device("/iommu@1ef0000");
    this.mdp = device("/mdp@1a01000");
    this.venus = device("/venus@1d00000");
  }

  private Device device(String path) {
    Device device = kernel.platformDevice(requireNonNull(TREE.find(path)));
    device.attach(RuntimePm.class, new RuntimePm(kernel.scheduler, device.name()));
    return device;
  }

  /** The driver binds and takes both masters, which are in use. */
  QcomMachine boot() throws Exception {
    kernel.run(() -> {
      for (Device master : ImmutableList.of(mdp, venus)) {
        pm(master).enable(RuntimePm.Callbacks.none(), false);
        kernel.iommu.bus().deviceAdded(master);
      }
      probe();
      pm(mdp).get();
      pm(venus).get();
    });
    return this;
  }

  /** A master is not in use any more. */
  static void sleep(Device master) throws ErrnoException {
    pm(master).put();
  }

  private static RuntimePm pm(Device device) {
    return requireNonNull(device.find(RuntimePm.class));
  }

  private void probe() throws ErrnoException {
    ImmutableList.Builder<QcomIommuDriver.Bank> banks = ImmutableList.builder();
    for (int bank = 1; bank <= BANKS; bank++) {
      Device context =
          kernel.platformDevice(
              requireNonNull(TREE.find("/iommu@1ef0000/context%d@%d000".formatted(bank, bank))));
      banks.add(
          new QcomIommuDriver.Bank(
              context,
              window(
                  new StoreLog(
                      losses.around(model.bank(bank), at -> at >= 0x600 && at < 0x640), stores),
                  0x1000),
              kernel.irqs.line(FIRST_IRQ + bank),
              bank));
    }
    new QcomIommuDriver(kernel.services, firmware)
        .probe(
            new QcomIommuDriver.Resources(
                iommu,
                pm(iommu),
                ImmutableList.of(new Supply("iface", clock)),
                window(model.local(), 0x3000),
                SECURE_ID,
                banks.build()));
  }

  /** What was stored to the banks since the last call, in order: see {@link StoreLog}. */
  ImmutableList<String> takeStores() {
    ImmutableList<String> taken = ImmutableList.copyOf(stores);
    stores.clear();
    return taken;
  }

  private Mmio window(MmioTarget target, int bytes) {
    return new Mmio("iommu", target, 0, bytes, clock, kernel.scheduler, 100);
  }

  /** A port through one bank. */
  BusMaster port(int bank) {
    return new BusMaster(kernel.dram, model, bank);
  }

  @Override
  public TestKernel kernel() {
    return kernel;
  }

  @Override
  public Device device(int index) {
    return index == 0 ? mdp : venus;
  }

  @Override
  public BusMaster master(int index) {
    return port(index == 0 ? 1 : SECURE_BANK);
  }

  @Override
  public boolean sharesDomains() {
    return false;
  }

  @Override
  public boolean tellsWrites() {
    return false;
  }

  @Override
  public Losses losses() {
    return losses;
  }

  /** A bank's ASID is its number, whichever domain is in it. */
  @Override
  public boolean tagsDomains() {
    return false;
  }

  @Override
  public void close() {
    kernel.close();
  }
}
