package org.smmulator.drm.msm;

import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.drm.msm.adreno.AdrenoDriver;
import org.smmulator.hw.adreno.AdrenoConfig;
import org.smmulator.hw.adreno.AdrenoGpu;
import org.smmulator.hw.adreno.TableSwitch;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.DmaLayer;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDesign;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.iommu.smmuv2.ArmSmmuDriver;
import org.smmulator.iommu.smmuv2.SmmuDesign;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.adreno.AdrenoSmmuBinder;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.devcoredump.DevCoredumps;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.process.SyscallCosts;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.smmuv2.SmmuPages;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** An SDM845's GPU corner, booted: the real models, the real drivers, and nothing else. */
final class GpuMachine implements AutoCloseable {
  private static final DeviceTree TREE =
      DtsParser.parse(
          "gpu.dts",
          """
          /dts-v1/;
          / {
            #address-cells = <1>;
            #size-cells = <1>;
            gpu@5000000 {
              compatible = "qcom,adreno-630.2", "qcom,adreno";
              reg = <0x5000000 0x40000>;
              interrupts = <0 300 4>;
              iommus = <&smmu 0>;
            };
            smmu: iommu@5040000 {
              compatible = "qcom,sdm845-smmu-v2", "qcom,adreno-smmu", "qcom,smmu-v2";
              reg = <0x5040000 0x10000>;
              #iommu-cells = <1>;
              #global-interrupts = <1>;
              interrupts = <0 229 4>, <0 364 1>, <0 365 1>;
            };
          };
          """,
          name -> Optional.empty());
  private static final int FIRST_SPI = 32;
  private static final long MMIO_NS = 100;
  private static final MsmConfig CONFIG = new MsmConfig(true, true, MsmConfig.Gpus.DRIVEN);

  final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 4);
  final Dmesg dmesg = new Dmesg(scheduler);
  private final FaultInjector faults = new FaultInjector();
  final Tracer tracer = new Tracer(scheduler, 10_000);
  final Dram dram;
  final PageAllocator pages;
  final NodeTree nodes = new NodeTree();
  final Syscalls syscalls;
  final UserAccess userAccess;
  final ProcessTable processes;
  private final Lockdep lockdep = new Lockdep(scheduler);
  private final IrqController irqs = new IrqController(scheduler, dmesg, MMIO_NS);
  private final SystemBus bus = new SystemBus(scheduler, MMIO_NS);
  private final Iommu iommu;
  private final DriverCore devices;

  GpuMachine() throws Exception {
    this(null, 0);
  }

  /**
   * Boots.
   *
   * @param binder how tasks get tables; null for the usual way
   * @param epochNs what the clock of clients shows when the machine is made
   */
  GpuMachine(@Nullable TaskBinder binder, long epochNs) throws Exception {
    this(binder, epochNs, 256 << 20);
  }

  GpuMachine(@Nullable TaskBinder binder, long epochNs, long dramBytes) throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, dramBytes)));
    pages = new PageAllocator(dram, ImmutableList.of(), null, faults);
    processes = new ProcessTable(scheduler, pages, dram, faults);
    syscalls = new Syscalls(processes, nodes, SyscallCosts.DEFAULT);
    userAccess = new UserAccess(processes, dmesg);
    IommuDesign design = IommuDesign.today(new DmaLayer.None());
    iommu = new Iommu(tracer, dmesg, lockdep, IommuPolicy.withoutDmaLayer(), design);
    solder();
    devices =
        new DriverCore(
            new PlatformServices(scheduler, dmesg, bus, irqs, new SupplyMap()),
            drivers(binder, epochNs),
            iommu.bus(),
            new ArchDmaSetup.PerDevice());
    var _ = scheduler.spawnKernel("swapper/0", this::startKernel);
    settle();
  }

  private void solder() {
    SmmuV2Config config =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 15),
            new SmmuV2Config.Banks(2, 0, new SmmuPages(12, 8)),
            new SmmuV2Config.Stage1(
                49, 36, SmmuV2Config.Stage1.GRANULE_4K, SPLIT_TABLES, ADDRESS_OPS),
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, 2, 20, 50));
    SmmuV2 smmu =
        new SmmuV2(config, scheduler, dram, spi(229), ImmutableList.of(spi(364), spi(365)));
    bus.attach("smmu", 0x5040000, 0x10000, smmu.mmio(), Wire.tiedHigh());
    AdrenoGpu gpu =
        new AdrenoGpu(
            AdrenoConfig.adreno630("gpu"),
            scheduler,
            new BusMaster(dram, smmu, 0),
            smmu,
            TableSwitch.writeThenInvalidate(),
            spi(300));
    bus.attach("gpu", 0x5000000, A6xx.WINDOW_BYTES, gpu.mmio(), Wire.tiedHigh());
  }

  private IrqPin spi(int number) {
    return irqs.line(FIRST_SPI + number);
  }

  private ImmutableList<PlatformDriver> drivers(@Nullable TaskBinder binder, long epochNs) {
    KernelServices kernel =
        new KernelServices(
            scheduler,
            lockdep,
            pages,
            dram,
            dmesg,
            tracer,
            nodes,
            new MonotonicClock(scheduler, epochNs),
            faults);
    IommuServices services = new IommuServices(kernel, iommu, new IoPgtables(dram, pages, dmesg));
    IommuTasks tasks =
        new IommuTasks(iommu, binder == null ? new AdrenoSmmuBinder(services) : binder);
    DrmCore core = new DrmCore(kernel, () -> new VmaOffsetManager(faults));
    return ImmutableList.of(
        new ArmSmmuDriver(services, SmmuDesign.today()),
        new AdrenoDriver(
            new MsmServices(
                core,
                tasks,
                new DevCoredumps(scheduler, nodes),
                new MsmModuleParams(nodes, CONFIG)),
            iommu,
            new DmaApi(new DmaDirect(pages), tracer),
            GemPages.Placement.SCATTERED,
            CONFIG));
  }

  private void startKernel() {
    iommu.initcall();
    devices.populate(TREE);
    devices.registerDrivers();
    devices.lateInitcall();
    devices.reportDeferred();
  }

  /** Runs until nothing is left to do. */
  void settle() {
    var _ = scheduler.run(() -> false);
  }

  /** Has the driver let go of the GPU and find it again. */
  void rebind() {
    PlatformDevice device = requireNonNull(devices.find("5000000.gpu"));
    var _ =
        scheduler.spawnKernel(
            "rebind",
            () -> {
              devices.unbind(device);
              devices.bind(device);
            });
    settle();
  }

  MsmGpu gpu() {
    return driver().gpu();
  }

  MsmDriver driver() {
    DrmDevice drm =
        requireNonNull(requireNonNull(devices.find("5000000.gpu")).find(DrmDevice.class));
    return (MsmDriver) drm.driver();
  }

  GpuClient client(String comm) throws Exception {
    return new GpuClient(this, processes.spawnHosted(comm, false));
  }

  GpuClient admin(String comm) throws Exception {
    return new GpuClient(this, processes.spawnHosted(comm, true));
  }

  ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }
}
