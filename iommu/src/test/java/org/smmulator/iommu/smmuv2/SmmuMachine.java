package org.smmulator.iommu.smmuv2;

import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.adreno.AdrenoSmmuBinder;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * An SDM845's GPU corner: a GPU, its GMU and two more masters behind the Adreno's SMMU, the real
 * model with five banks and eight SMRs. What the driver writes is also recorded.
 */
final class SmmuMachine implements AutoCloseable {
  static final int BANKS = 5;
  static final SmmuPages PAGES = new SmmuPages(12, 8);

  private static final int FIRST_IRQ = 100;
  private static final int GLOBAL_IRQ = 90;
  private static final String SMMU_V2 =
      "\"qcom,sdm845-smmu-v2\", \"qcom,adreno-smmu\", \"qcom,smmu-v2\"";
  private final DeviceTree tree;
  final TestKernel kernel;
  final SmmuV2 model;
  final RecordingRegisters registers;
  final Device smmu;
  final Device gpu;
  final IommuTasks tasks;
  private final ArmSmmuDriver driver;

  SmmuMachine() throws Exception {
    this(
        SMMU_V2,
        TestKernel.WITHOUT_DMA_LAYER,
        new ContextBanks.ReserveBankZero(),
        new GpuDefaultDomain.Identity());
  }

  /** A machine whose devices are translated by default, under some design. */
  static SmmuMachine arguing(ContextBanks banks, GpuDefaultDomain defaults) throws Exception {
    return new SmmuMachine(SMMU_V2, TestKernel.WITH_DMA_LAYER, banks, defaults);
  }

  /** A machine of a SoC whose Adreno has an MMU-500 in front of it. */
  static SmmuMachine withMmu500(String soc) throws Exception {
    return new SmmuMachine(
        "\"%s\", \"qcom,adreno-smmu\", \"qcom,smmu-500\", \"arm,mmu-500\"".formatted(soc),
        TestKernel.WITHOUT_DMA_LAYER,
        new ContextBanks.ReserveBankZero(),
        new GpuDefaultDomain.Identity());
  }

  private SmmuMachine(
      String compatible, IommuPolicy policy, ContextBanks banks, GpuDefaultDomain defaults)
      throws Exception {
    this.tree = TestKernel.parse(dts(compatible));
    this.kernel = new TestKernel(policy);
    SmmuV2Config.Stages stages = new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.ONE, 48);
    SmmuV2Config config =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 15),
            new SmmuV2Config.Banks(BANKS, 0, PAGES),
            new SmmuV2Config.Stage1(
                49,
                48,
                SmmuV2Config.Stage1.GRANULE_4K
                    | SmmuV2Config.Stage1.GRANULE_16K
                    | SmmuV2Config.Stage1.GRANULE_64K,
                SPLIT_TABLES,
                ADDRESS_OPS),
            stages,
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, 2, 20, 50),
            compatible.contains("mmu-500")
                ? SmmuV2Config.Options.MMU500
                : SmmuV2Config.Options.NONE);
    ImmutableList<IrqPin> pins = ImmutableList.copyOf(contextIrqs());
    this.model =
        new SmmuV2(config, kernel.scheduler, kernel.dram, kernel.irqs.line(GLOBAL_IRQ), pins);
    this.registers = new RecordingRegisters(model.mmio(), PAGES);
    this.smmu = device("/iommu@5040000");
    this.gpu = device("/gpu@5000000");
    this.driver =
        new ArmSmmuDriver(
            kernel.services, new SmmuDesign(true, banks, defaults, new KernelBuild.Arm64()));
    this.tasks = new IommuTasks(kernel.iommu, new AdrenoSmmuBinder(kernel.services));
  }

  private static String dts(String compatible) {
    return """
    /dts-v1/;
    / {
      smmu: iommu@5040000 {
        compatible = %s;
        #iommu-cells = <1>;
      };
      gpu@5000000 { compatible = "qcom,adreno-630.2", "qcom,adreno"; iommus = <&smmu 0>; };
      gmu@506a000 {
        compatible = "qcom,adreno-gmu-630.2", "qcom,adreno-gmu";
        iommus = <&smmu 5>;
      };
      dsp@1 { iommus = <&smmu 9>; };
      twin@2 { iommus = <&smmu 9>; };
      array@3 {
        iommus = <&smmu 16>, <&smmu 17>, <&smmu 18>, <&smmu 19>, <&smmu 20>, <&smmu 21>,
                 <&smmu 22>, <&smmu 23>, <&smmu 24>;
      };
    };
    """
        .formatted(compatible);
  }

  Device device(String path) {
    return kernel.platformDevice(requireNonNull(tree.find(path)));
  }

  /** The registers, as the driver sees them. */
  Mmio mmio() {
    return new Mmio(
        "smmu", registers, 0, PAGES.sizeBytes(), Wire.tiedHigh(), kernel.scheduler, 100);
  }

  /** The driver binds to the SMMU. */
  void probe() throws ErrnoException {
    driver.probe(
        new ArmSmmuDevice.Resources(
            smmu,
            mmio(),
            new ArmSmmuRpm(smmu, ImmutableList.of()),
            false,
            ImmutableList.of(kernel.irqs.line(GLOBAL_IRQ)),
            contextIrqs()));
  }

  /** Boots with the GPU in its group, and nothing attached but default domains. */
  void boot() throws ErrnoException {
    kernel.iommu.bus().deviceAdded(gpu);
    probe();
  }

  /** The GPU's own domain, attached. */
  ArmSmmuDomain gpuDomain() throws ErrnoException {
    ArmSmmuDomain domain = (ArmSmmuDomain) kernel.iommu.allocPaging(gpu);
    kernel.iommu.attach(domain, gpu);
    return domain;
  }

  /** What the driver wants in the bank of the GPU's domain. */
  ArmSmmuCb gpuBank() {
    return ((ArmSmmuDomain) requireNonNull(kernel.iommu.domainOf(gpu))).context().state();
  }

  AdrenoSmmuPriv adreno() {
    @Nullable AdrenoSmmuPriv found = gpu.find(AdrenoSmmuPriv.class);
    return requireNonNull(found);
  }

  /** A master's port. */
  BusMaster master(int streamId) {
    return new BusMaster(kernel.dram, model, streamId);
  }

  /** Lets interrupts through. */
  void settle() {
    kernel.scheduler.sleep(10_000);
  }

  private ImmutableList<IrqLine> contextIrqs() {
    return IntStream.range(0, BANKS)
        .mapToObj(bank -> kernel.irqs.line(FIRST_IRQ + bank))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
