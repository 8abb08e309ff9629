package org.smmulator.iommu.smmuv2;

import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.EXTENDED_IDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * An SMMUv2 as the architecture has it, without a GPU's wires, and two devices behind it. It has a
 * clock and, if it is to sleep, a power domain.
 */
final class PlainSmmu implements IommuHarness {
  static final SmmuPages PAGES = new SmmuPages(12, 8);
  static final SmmuV2Config.Stages STAGE_1 =
      new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.ONE, 40);
  static final SmmuV2Config.Stages STAGE_2 =
      new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.TWO, 40);

  /** An invalidation takes a microsecond; walks begin at tables that were seen before. */
  static final SmmuV2Config.Costs SLOW_INVALIDATION =
      new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, 1_000);

  private static final int FIRST_IRQ = 100;
  private static final int GLOBAL_IRQ = 90;

  /**
   * Hardware, and what firmware says of it.
   *
   * @param properties of the SMMU's node, compatible included
   * @param devices the nodes of both devices, one@1 and other@2
   * @param interrupts how many context interrupts there are
   */
  record Setup(
      SmmuV2Config hardware,
      String properties,
      String devices,
      IommuPolicy policy,
      boolean disableBypass,
      KernelBuild build,
      int interrupts,
      boolean coherentWalk) {
    /** An SMMU that does as {@code hardware} says, in a node that says nothing more. */
    static Setup of(SmmuV2Config hardware) {
      return new Setup(
          hardware,
          "compatible = \"arm,smmu-v2\"; #iommu-cells = <1>;",
          "one@1 { iommus = <&smmu 1>; }; other@2 { iommus = <&smmu 2>; };",
          TestKernel.WITHOUT_DMA_LAYER,
          true,
          new KernelBuild.Arm64(),
          hardware.banks().count(),
          true);
    }

    Setup describedAs(String newProperties) {
      return new Setup(
          hardware, newProperties, devices, policy, disableBypass, build, interrupts, coherentWalk);
    }

    Setup withDevices(String newDevices) {
      return new Setup(
          hardware, properties, newDevices, policy, disableBypass, build, interrupts, coherentWalk);
    }

    Setup underPolicy(IommuPolicy newPolicy) {
      return new Setup(
          hardware, properties, devices, newPolicy, disableBypass, build, interrupts, coherentWalk);
    }

    Setup lettingUnknownStreamsPass() {
      return new Setup(
          hardware, properties, devices, policy, false, build, interrupts, coherentWalk);
    }

    Setup builtFor(KernelBuild newBuild) {
      return new Setup(
          hardware, properties, devices, policy, disableBypass, newBuild, interrupts, coherentWalk);
    }

    /** Gives the devices other stream ids than 1 and 2. */
    Setup withStreams(int one, int other) {
      return withDevices(
          "one@1 { iommus = <&smmu %d>; }; other@2 { iommus = <&smmu %d>; };"
              .formatted(one, other));
    }

    /** The node says nothing of {@code dma-coherent}. */
    Setup withIncoherentWalks() {
      return new Setup(
          hardware, properties, devices, policy, disableBypass, build, interrupts, false);
    }

    Setup withInterrupts(int count) {
      return new Setup(
          hardware, properties, devices, policy, disableBypass, build, count, coherentWalk);
    }
  }

  final TestKernel kernel;
  private final Setup setup;
  private final DeviceTree tree;
  final Wire clockRuns = Wire.low();
  final Wire domainIsOn = Wire.low();
  final RecordingRegisters registers;
  private final Losses losses = new Losses();
  final Device smmu;
  final SmmuV2 model;
  private final ImmutableList<Device> devices;
  private final ImmutableList<BusMaster> masters;

  /** Makes one that is always awake. */
  PlainSmmu(SmmuV2Config.Stages stages, int granules) throws Exception {
    this(Setup.of(config(stages, granules)));
  }

  /** Makes one that sleeps: it has a power domain. */
  static PlainSmmu sleeping(SmmuV2Config.Stages stages, int granules) throws Exception {
    Setup awake = Setup.of(config(stages, granules));
    return new PlainSmmu(awake.describedAs(awake.properties() + " power-domains = <&gdsc>;"));
  }

  /** Eight SMRs of ten bits, four banks that do all stages, a bus of 49 bits. */
  static SmmuV2Config config(SmmuV2Config.Stages stages, int granules) {
    return config(stages, granules, SmmuV2Config.Options.NONE);
  }

  /** The same with what not every SMMU has; extended stream ids have 16 bits. */
  static SmmuV2Config config(
      SmmuV2Config.Stages stages, int granules, SmmuV2Config.Options options) {
    return new SmmuV2Config(
        new SmmuV2Config.Streams(8, options.has(EXTENDED_IDS) ? 16 : 10),
        new SmmuV2Config.Banks(4, 0, PAGES),
        stage1(49, granules, stages),
        stages,
        SLOW_INVALIDATION,
        options);
  }

  /**
   * One with 4 KiB pages in which an invalidation takes that long; 0 if it is through when its
   * write returns.
   */
  static SmmuV2Config invalidating(SmmuV2Config.Stages stages, long windowNs) {
    return new SmmuV2Config(
        new SmmuV2Config.Streams(8, 10),
        new SmmuV2Config.Banks(4, 0, PAGES),
        stage1(49, SmmuV2Config.Stage1.GRANULE_4K, stages),
        stages,
        new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, windowNs));
  }

  static SmmuV2Config.Stage1 stage1(int upstreamBits, int granules, SmmuV2Config.Stages stages) {
    return new SmmuV2Config.Stage1(upstreamBits, 40, granules, COHERENT_WALK)
        .with(ADDRESS_OPS, stages.one());
  }

  /** Makes hardware and devices; {@link #probe} binds the driver. */
  PlainSmmu(Setup setup) throws Exception {
    this.setup = setup;
    this.kernel = new TestKernel(setup.policy());
    Wire powered = Wire.both(clockRuns, domainIsOn);
    this.model =
        new SmmuV2(
            setup.hardware(),
            kernel.scheduler,
            kernel.dram,
            kernel.irqs.line(GLOBAL_IRQ),
            ImmutableList.copyOf(contextIrqs()),
            powered);
    SmmuPages pages = setup.hardware().banks().pages();
    this.registers =
        new RecordingRegisters(
            losses.around(model.mmio(), offset -> invalidates(pages, offset)), pages);
    this.tree = TestKernel.parse(dts(setup));
    this.smmu = kernel.platformDevice(requireNonNull(tree.find("/iommu@1000")));
    RuntimePm pm = new RuntimePm(kernel.scheduler, smmu.name());
    pm.attachDomain(new Supply("domain", domainIsOn));
    smmu.attach(RuntimePm.class, pm);
    this.devices =
        ImmutableList.of(
            kernel.platformDevice(requireNonNull(tree.find("/one@1"))),
            kernel.platformDevice(requireNonNull(tree.find("/other@2"))));
    for (Device device : devices) {
      device.attach(RuntimePm.class, new RuntimePm(kernel.scheduler, device.name()));
    }
    this.masters =
        devices.stream()
            .map(device -> new BusMaster(kernel.dram, model, streamOf(smmu, device)))
            .collect(ImmutableList.toImmutableList());
    mmio = new Mmio("smmu", registers, 0, pages.sizeBytes(), powered, kernel.scheduler, 100);
  }

  private final Mmio mmio;

  /** The first stream id that firmware gives a device, as its wires have it. */
  private static int streamOf(Device smmu, Device device) {
    DtNode node = requireNonNull(device.of());
    ImmutableList<DtReference> own = node.references("iommus", "#iommu-cells");
    ImmutableList<DtReference> entries =
        own.isEmpty()
            ? requireNonNull(smmu.of()).references("mmu-masters", "#stream-id-cells")
            : own;
    return entries.stream()
        .filter(entry -> !own.isEmpty() || entry.node().equals(node))
        .findFirst()
        .orElseThrow()
        .args()
        .get(0);
  }

  private static String dts(Setup setup) {
    return """
    /dts-v1/;
    / {
      gdsc: power@0 { #power-domain-cells = <0>; };
      smmu: iommu@1000 { %s };
      %s
    };
    """
        .formatted(setup.properties(), setup.devices());
  }

  /** The driver binds, and takes both devices. Then an SMMU that can sleep and is idle does. */
  PlainSmmu probe() throws Exception {
    kernel.run(() -> {
      devices.forEach(kernel.iommu.bus()::deviceAdded);
      bind();
    });
    return this;
  }

  /** The driver binds. Called in a task's context. */
  void bind() throws ErrnoException {
    ArmSmmuRpm power = new ArmSmmuRpm(smmu, ImmutableList.of(new Supply("clock", clockRuns)));
    power.clocksOn();
    new ArmSmmuDriver(
            kernel.services,
            new SmmuDesign(
                setup.disableBypass(),
                new ContextBanks.ReserveBankZero(),
                new GpuDefaultDomain.Identity(),
                setup.build()))
        .probe(
            new ArmSmmuDevice.Resources(
                smmu,
                mmio,
                power,
                setup.coherentWalk(),
                ImmutableList.of(kernel.irqs.line(GLOBAL_IRQ)),
                contextIrqs()));
    requireNonNull(smmu.find(RuntimePm.class)).settle();
  }

  private static boolean invalidates(SmmuPages pages, int offset) {
    int page = offset >>> pages.pageShift();
    int within = offset & ((1 << pages.pageShift()) - 1);
    return page == 0
        ? within >= Gr0.TLBIVMID.offset() && within <= Gr0.TLBIALLH.offset()
        : page >= pages.numPage() && within >= 0x600 && within < 0x640;
  }

  DeviceTree tree() {
    return tree;
  }

  RuntimePm pm(int device) {
    return requireNonNull(devices.get(device).find(RuntimePm.class));
  }

  Mmio mmio() {
    return mmio;
  }

  @Override
  public TestKernel kernel() {
    return kernel;
  }

  @Override
  public Device device(int index) {
    return devices.get(index);
  }

  @Override
  public BusMaster master(int index) {
    return masters.get(index);
  }

  @Override
  public Losses losses() {
    return losses;
  }

  /** {@inheritDoc} An SMMUv1 has nothing but the VMID to forget stage 2 by. */
  @Override
  public boolean forgetsByAddress() {
    SmmuV2Config.Version version = setup.hardware().options().version();
    return version == SmmuV2Config.Version.V2 || setup.hardware().stages().one();
  }

  @Override
  public boolean refusesAtOnce() {
    return true;
  }

  @Override
  public void acknowledgeFaults() {
    SmmuPages pages = setup.hardware().banks().pages();
    for (int bank = 0; bank < setup.hardware().banks().count(); bank++) {
      int fsr = pages.bankOffset(bank) + Cb.FSR.offset();
      model.mmio().write32(fsr, model.mmio().read32(fsr));
    }
  }

  /** {@inheritDoc} Two small pages of short descriptors, if a kernel of 32 bits makes those. */
  @Override
  public long leafTo(long pa) {
    boolean isShort = setup.build() instanceof KernelBuild.Arm;
    return isShort ? (pa | 0x832) * 0x1_0000_0001L : IommuHarness.super.leafTo(pa);
  }

  private ImmutableList<IrqLine> contextIrqs() {
    return IntStream.range(0, setup.interrupts())
        .mapToObj(bank -> kernel.irqs.line(FIRST_IRQ + bank))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
