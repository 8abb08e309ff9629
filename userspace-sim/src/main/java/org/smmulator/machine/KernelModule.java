package org.smmulator.machine;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.msm.adreno.AdrenoDriver;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.smmuv2.QcomSecureWorld;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDesign;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.IommuTasks;
import org.smmulator.iommu.NoDmaLayer;
import org.smmulator.iommu.TaskBinder;
import org.smmulator.iommu.engines.CopyDriver;
import org.smmulator.iommu.engines.EngineServices;
import org.smmulator.iommu.engines.GicV2mDriver;
import org.smmulator.iommu.engines.MsiDriver;
import org.smmulator.iommu.engines.MsiFrames;
import org.smmulator.iommu.engines.SdDriver;
import org.smmulator.iommu.engines.UsbDriver;
import org.smmulator.iommu.engines.VideoDriver;
import org.smmulator.iommu.exynos.SysmmuDriver;
import org.smmulator.iommu.exynos.SysmmuServices;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.iommu.qcom.QcomIommuDriver;
import org.smmulator.iommu.qcom.QcomIommuServices;
import org.smmulator.iommu.smmuv2.ArmSmmuDriver;
import org.smmulator.iommu.smmuv2.SmmuServices;
import org.smmulator.iommu.task.AdrenoSmmuBinder;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.process.SyscallCosts;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/**
 * What is compiled into the kernel, and how its switches are set. A test that wants another part
 * than Linux has overrides the method that makes it.
 */
@Module
public class KernelModule {
  private static final int TRACE_RECORDS = 1 << 16;

  // ---- what everything stands on

  @Provides
  @BootScope
  protected Scheduler scheduler(KernelConfig config, DeviceTree tree) {
    return new Scheduler(
        config.get(Switches.SCHEDULE).make(config.get(Switches.SEED)), cpuCount(tree));
  }

  static int cpuCount(DeviceTree tree) {
    DtNode cpus = tree.find("/cpus");
    long found =
        cpus == null
            ? 0
            : cpus.children().stream().filter(cpu -> cpu.baseName().equals("cpu")).count();
    return Math.max(1, (int) found);
  }

  @Provides
  protected Timebase timebase(Scheduler scheduler) {
    return scheduler;
  }

  @Provides
  @BootScope
  protected Tracer tracer(Scheduler scheduler) {
    return new Tracer(scheduler, TRACE_RECORDS);
  }

  @Provides
  @BootScope
  protected Dmesg dmesg(Scheduler scheduler) {
    return new Dmesg(scheduler);
  }

  @Provides
  @BootScope
  protected Lockdep lockdep(Scheduler scheduler) {
    return new Lockdep(scheduler);
  }

  @Provides
  @BootScope
  protected PageAllocator pages(Dram dram, DeviceTree tree) {
    return new PageAllocator(dram, carveOuts(tree));
  }

  /** Kernel: {@code early_init_fdt_scan_reserved_mem()}. */
  private static ImmutableList<DramBank> carveOuts(DeviceTree tree) {
    ImmutableList.Builder<DramBank> found = ImmutableList.builder();
    DtNode reserved = tree.find("/reserved-memory");
    if (reserved != null) {
      for (DtNode region : reserved.children()) {
        for (DtRange range : region.reg()) {
          found.add(new DramBank(range.base(), range.sizeBytes()));
        }
      }
    }
    return found.build();
  }

  @Provides
  @BootScope
  protected SystemBus bus(Timebase timebase) {
    return new SystemBus(timebase, Timing.MMIO_NS);
  }

  @Provides
  @BootScope
  protected IrqController interrupts(Scheduler scheduler, Dmesg dmesg) {
    return new IrqController(scheduler, dmesg, Timing.INTERRUPT_NS);
  }

  @Provides
  @BootScope
  protected SupplyMap supplies() {
    return new SupplyMap();
  }

  // ---- processes

  @Provides
  @BootScope
  protected NodeTree nodes() {
    return new NodeTree();
  }

  @Provides
  @BootScope
  protected ProcessTable processes(Scheduler scheduler, PageAllocator pages, Dram dram) {
    return new ProcessTable(scheduler, pages, dram);
  }

  @Provides
  @BootScope
  protected Syscalls syscalls(ProcessTable processes, NodeTree nodes) {
    return new Syscalls(processes, nodes, SyscallCosts.DEFAULT);
  }

  @Provides
  @BootScope
  protected UserAccess userAccess(ProcessTable processes, Dmesg dmesg) {
    return new UserAccess(processes, dmesg);
  }

  // ---- the IOMMU

  @Provides
  @BootScope
  protected Iommu iommu(Tracer tracer, Dmesg dmesg, Lockdep lockdep) {
    IommuPolicy policy = new IommuPolicy(false, true, false);
    return new Iommu(tracer, dmesg, lockdep, policy, IommuDesign.today(new NoDmaLayer()));
  }

  @Provides
  @BootScope
  protected IoPgtables pgtables(Dram dram, PageAllocator pages, Dmesg dmesg) {
    return new IoPgtables(dram, pages, dmesg);
  }

  /** How a task gets a table of its own. */
  @Provides
  @BootScope
  protected TaskBinder taskBinder(
      Iommu iommu, IoPgtables pgtables, PageAllocator pages, Lockdep lockdep) {
    return new AdrenoSmmuBinder(iommu, pgtables, pages, lockdep);
  }

  @Provides
  @BootScope
  protected IommuTasks iommuTasks(Iommu iommu, TaskBinder binder) {
    return new IommuTasks(iommu, binder);
  }

  // ---- devices and drivers

  @Provides
  @BootScope
  protected DmaApi dma(PageAllocator pages) {
    return new DmaApi(new DmaDirect(pages));
  }

  @Provides
  @BootScope
  protected DrmCore drmCore(
      Scheduler scheduler,
      Lockdep lockdep,
      PageAllocator pages,
      Dram dram,
      Dmesg dmesg,
      Tracer tracer,
      NodeTree nodes) {
    return new DrmCore(scheduler, lockdep, pages, dram, dmesg, tracer, nodes);
  }

  @Provides
  protected SysmmuDriver sysmmu(
      Iommu iommu, IoPgtables pgtables, PageAllocator pages, Scheduler scheduler, Lockdep lockdep) {
    return new SysmmuDriver(new SysmmuServices(iommu, pgtables, pages, scheduler, lockdep));
  }

  @Provides
  protected ArmSmmuDriver armSmmu(
      Iommu iommu, IoPgtables pgtables, PageAllocator pages, Scheduler scheduler, Lockdep lockdep) {
    return new ArmSmmuDriver(new SmmuServices(iommu, pgtables, pages, scheduler, lockdep, true));
  }

  @Provides
  protected QcomIommuDriver qcomIommu(
      Iommu iommu,
      IoPgtables pgtables,
      PageAllocator pages,
      Scheduler scheduler,
      Lockdep lockdep,
      QcomSecureWorld firmware) {
    return new QcomIommuDriver(
        new QcomIommuServices(iommu, pgtables, pages, scheduler, lockdep, firmware));
  }

  @Provides
  protected AdrenoDriver adreno(
      DrmCore core, Iommu iommu, IommuTasks tasks, DmaApi dma, KernelConfig config) {
    GemPages.Placement placement =
        switch (config.get(Switches.GEM_BACKING)) {
          case SCATTERED -> GemPages.Placement.SCATTERED;
          case CONTIGUOUS -> GemPages.Placement.CONTIGUOUS;
        };
    return new AdrenoDriver(core, iommu, tasks, dma, placement);
  }

  @Provides
  @BootScope
  protected EngineServices engineServices(
      Scheduler scheduler,
      Lockdep lockdep,
      DmaApi dma,
      PageAllocator pages,
      Dram dram,
      NodeTree nodes) {
    return new EngineServices(scheduler, lockdep, dma, pages, dram, nodes);
  }

  @Provides
  @BootScope
  protected MsiDoorbells msiDoorbells() {
    return MsiDoorbells.direct();
  }

  /** The drivers of the engines of board virt, and of the frame that their messages go to. */
  @Provides
  protected EngineDrivers engines(
      EngineServices services, Iommu iommu, MsiDoorbells doorbells, IrqController interrupts) {
    MsiFrames frames = new MsiFrames();
    return new EngineDrivers(
        ImmutableList.of(
            new GicV2mDriver(interrupts, frames),
            new CopyDriver(services),
            new UsbDriver(services),
            new VideoDriver(services, iommu),
            new SdDriver(services),
            new MsiDriver(services, frames, doorbells)));
  }

  /** What is compiled in, in the order of the initcalls: a list, because a set has none. */
  @Provides
  @BootScope
  protected ImmutableList<PlatformDriver> initcalls(
      SysmmuDriver sysmmu, ArmSmmuDriver armSmmu, AdrenoDriver adreno, EngineDrivers engines) {
    return ImmutableList.<PlatformDriver>builder()
        .add(sysmmu)
        .add(armSmmu)
        .addAll(engines.drivers())
        .add(adreno)
        .build();
  }

  @Provides
  @BootScope
  protected DriverCore driverCore(
      Scheduler scheduler,
      Dmesg dmesg,
      SystemBus bus,
      IrqController interrupts,
      SupplyMap supplies,
      ImmutableList<PlatformDriver> drivers,
      Iommu iommu) {
    PlatformServices services = new PlatformServices(scheduler, dmesg, bus, interrupts, supplies);
    return new DriverCore(services, drivers, iommu, ArchDmaSetup.perDevice());
  }
}
