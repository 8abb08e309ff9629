package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.msm.adreno.AdrenoDriver;
import org.smmulator.engines.CopyDriver;
import org.smmulator.engines.MsiDriver;
import org.smmulator.engines.SdDriver;
import org.smmulator.engines.UsbDriver;
import org.smmulator.engines.VideoDriver;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.qcom.QcomSecureWorld;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDesign;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.iommu.dma.IommuDma;
import org.smmulator.iommu.dma.IommuMsiDoorbells;
import org.smmulator.iommu.exynos.ExynosSysmmuDriver;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.iommu.qcom.QcomIommuDriver;
import org.smmulator.iommu.smmuv2.ArmSmmuDriver;
import org.smmulator.iommu.smmuv2.SmmuDesign;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Driver;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.iommu.sva.GlobalPasids;
import org.smmulator.iommu.sva.PasidBinder;
import org.smmulator.iommu.sva.ProcessFaults;
import org.smmulator.iommu.sva.Sva;
import org.smmulator.iommu.sva.SvaBinder;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.adreno.AdrenoSmmuBinder;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDebug;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.dma.Swiotlb;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.msi.GicV2mDriver;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.process.SyscallCosts;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.silicon.Timing;
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
  @Singleton
  protected Scheduler scheduler(KernelConfig config, DeviceTree tree) {
    return new Scheduler(
        config.get(Switches.SCHEDULE).make(config.get(Switches.SEED)), cpuCount(tree));
  }

  public static int cpuCount(DeviceTree tree) {
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
  @Singleton
  protected Tracer tracer(Scheduler scheduler) {
    return new Tracer(scheduler, TRACE_RECORDS);
  }

  @Provides
  @Singleton
  protected Dmesg dmesg(Scheduler scheduler) {
    return new Dmesg(scheduler);
  }

  @Provides
  @Singleton
  protected Lockdep lockdep(Scheduler scheduler) {
    return new Lockdep(scheduler);
  }

  @Provides
  @Singleton
  protected PageAllocator pages(Dram dram, DeviceTree tree, KernelConfig config) {
    CpuCache cache =
        switch (config.get(Switches.CPU_CACHE)) {
          case NONE -> null;
          case TRACKED -> new CpuCache(dram, false);
          case WRITE_BACK -> new CpuCache(dram, true);
        };
    return new PageAllocator(dram, carveOuts(tree), cache);
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
  @Singleton
  protected IrqController interrupts(Scheduler scheduler, Dmesg dmesg) {
    return new IrqController(scheduler, dmesg, Timing.INTERRUPT_NS);
  }

  @Provides
  @Singleton
  protected SupplyMap supplies() {
    return new SupplyMap();
  }

  // ---- processes

  @Provides
  @Singleton
  protected NodeTree nodes() {
    return new NodeTree();
  }

  @Provides
  @Singleton
  protected ProcessTable processes(Scheduler scheduler, PageAllocator pages, Dram dram) {
    return new ProcessTable(scheduler, pages, dram);
  }

  @Provides
  @Singleton
  protected Syscalls syscalls(ProcessTable processes, NodeTree nodes) {
    return new Syscalls(processes, nodes, SyscallCosts.DEFAULT);
  }

  @Provides
  @Singleton
  protected UserAccess userAccess(ProcessTable processes, Dmesg dmesg) {
    return new UserAccess(processes, dmesg);
  }

  // ---- the IOMMU

  /** The DMA API over IOMMUs. The core needs it first, so it asks for the core when it is used. */
  @Provides
  @Singleton
  protected IommuDma iommuDma(
      DmaDirect direct,
      BouncePool bounce,
      PageAllocator pages,
      Lazy<Iommu> iommu,
      Scheduler scheduler,
      Dmesg dmesg,
      DeviceTree tree,
      KernelConfig config) {
    DomainLookup lookup = config.get(Switches.IOMMU_LOOKUP).apply(scheduler);
    return new IommuDma(
        direct, bounce.pool(), pages, iommu::get, lookup, scheduler, cpuCount(tree), dmesg);
  }

  @Provides
  @Singleton
  protected Iommu iommu(
      Tracer tracer, Dmesg dmesg, Lockdep lockdep, IommuDma dma, KernelConfig config) {
    IommuPolicy policy =
        IommuPolicy.of(config.get(Switches.IOMMU_PASSTHROUGH), config.get(Switches.IOMMU_STRICT));
    IommuDesign design =
        new IommuDesign(
            config.get(Switches.MAP_SPLIT),
            config.get(Switches.PAGE_SIZES),
            config.get(Switches.GROUPS).get(),
            config.get(Switches.DMA_DOMAIN),
            config.get(Switches.DRIVER_DOMAIN).apply(dma),
            dma);
    return new Iommu(tracer, dmesg, lockdep, policy, design);
  }

  @Provides
  @Singleton
  protected IoPgtables pgtables(Dram dram, PageAllocator pages, Dmesg dmesg) {
    return new IoPgtables(dram, pages, dmesg);
  }

  /** How a task gets a table of its own on a GPU, which knows no PASIDs. */
  @Provides
  @Singleton
  protected TaskBinder taskBinder(
      Iommu iommu, IoPgtables pgtables, PageAllocator pages, Lockdep lockdep) {
    return new AdrenoSmmuBinder(iommu, pgtables, pages, lockdep);
  }

  @Provides
  @Singleton
  protected IopfQueue pageRequests(Iommu iommu, Scheduler scheduler) {
    return new IopfQueue(iommu, new Workqueue(scheduler, "iopf_queue"));
  }

  /** What is done about pages of processes that devices find missing. */
  @Provides
  protected PageFaultHandler processFaults() {
    return new ProcessFaults();
  }

  @Provides
  @Singleton
  protected GlobalPasids pasids() {
    return new GlobalPasids();
  }

  @Provides
  @Singleton
  protected Sva sva(Iommu iommu, IopfQueue queue, GlobalPasids pasids, Lockdep lockdep) {
    return new Sva(iommu, queue, pasids, lockdep);
  }

  @Provides
  @Singleton
  protected IommuTasks iommuTasks(
      Iommu iommu,
      GlobalPasids pasids,
      TaskBinder gpus,
      Sva sva,
      ProcessTable processes,
      KernelConfig config) {
    TaskBinder explicit = new PasidBinder(iommu, pasids, gpus);
    TaskBinder shared = new SvaBinder(iommu, sva, processes);
    return new IommuTasks(iommu, config.get(Switches.TASK_MODE), explicit, shared);
  }

  // ---- devices and drivers

  @Provides
  @Singleton
  protected DmaDirect dmaDirect(PageAllocator pages, BouncePool bounce) {
    return new DmaDirect(pages, bounce.pool(), DmaDirect.Bounce.IF_NEEDED);
  }

  /**
   * Only where some memory is out of reach of 32 bits. arm64 makes a small one elsewhere too,
   * unless told not to, for small buffers; here those are whole lines then.
   */
  @Provides
  @Singleton
  protected BouncePool bouncePool(Dram dram, PageAllocator pages, Scheduler scheduler) {
    if (dram.banks().stream().noneMatch(bank -> bank.end() > 1L << 32)) {
      return new BouncePool(null);
    }
    try {
      return new BouncePool(
          new Swiotlb(pages, scheduler, Swiotlb.DEFAULT_SIZE_BYTES, 0xffff_ffffL));
    } catch (ErrnoException e) {
      return new BouncePool(null); // no low memory to bounce through: mappings fail, as in Linux
    }
  }

  @Provides
  @Singleton
  protected DmaDebug dmaDebug(Dmesg dmesg, PageAllocator pages) {
    DmaDebug debug = new DmaDebug(dmesg, DmaDebug.ALL_ERRORS);
    CpuCache cache = pages.cpu().cache();
    if (cache != null) {
      cache.observe(debug);
    }
    return debug;
  }

  @Provides
  @Singleton
  protected DmaApi dma(DmaDirect direct, Lazy<DmaDebug> debug, Tracer tracer, KernelConfig config) {
    return new DmaApi(direct, config.get(Switches.DMA_DEBUG) ? debug.get() : null, tracer);
  }

  @Provides
  @Singleton
  protected KernelServices kernelServices(
      Scheduler scheduler,
      Lockdep lockdep,
      PageAllocator pages,
      Dram dram,
      Dmesg dmesg,
      Tracer tracer,
      NodeTree nodes) {
    return new KernelServices(scheduler, lockdep, pages, dram, dmesg, tracer, nodes);
  }

  @Provides
  @Singleton
  protected DrmCore drmCore(KernelServices kernel) {
    return new DrmCore(kernel);
  }

  @Provides
  protected IommuServices iommuServices(KernelServices kernel, Iommu iommu, IoPgtables pgtables) {
    return new IommuServices(kernel, iommu, pgtables);
  }

  @Provides
  protected ExynosSysmmuDriver sysmmu(IommuServices services) {
    return new ExynosSysmmuDriver(services);
  }

  @Provides
  protected ArmSmmuDriver armSmmu(IommuServices services, KernelConfig config) {
    return new ArmSmmuDriver(
        services,
        new SmmuDesign(
            config.get(Switches.SMMU_DISABLE_BYPASS),
            config.get(Switches.CONTEXT_BANKS),
            config.get(Switches.GPU_DEFAULT_DOMAIN),
            config.get(Switches.KERNEL_BUILD)));
  }

  @Provides
  @Singleton
  protected MsiFrames msiFrames() {
    return new MsiFrames();
  }

  /** It comes first, as interrupt controllers do. */
  @Provides
  protected GicV2mDriver gicV2m(IrqController interrupts, MsiFrames frames) {
    return new GicV2mDriver(interrupts, frames);
  }

  @Provides
  protected ArmSmmuV3Driver armSmmuV3(
      IommuServices services, MsiFrames frames, IopfQueue queue, PageFaultHandler processFaults) {
    return new ArmSmmuV3Driver(
        services,
        frames,
        new ArmSmmuV3Iopf.Queue(queue, new PageFaults(services.iommu(), processFaults)));
  }

  @Provides
  protected QcomIommuDriver qcomIommu(IommuServices services, QcomSecureWorld firmware) {
    return new QcomIommuDriver(services, firmware);
  }

  @Provides
  protected IommuDrivers iommuDrivers(
      ExynosSysmmuDriver sysmmu,
      ArmSmmuDriver armSmmu,
      ArmSmmuV3Driver armSmmuV3,
      QcomIommuDriver qcomIommu) {
    return new IommuDrivers(ImmutableList.of(sysmmu, armSmmu, armSmmuV3, qcomIommu));
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
  @Singleton
  protected MsiDoorbells msiDoorbells(Iommu iommu) {
    return new IommuMsiDoorbells(() -> iommu);
  }

  /** The drivers of the engines of board virt, and of the frame that their messages go to. */
  @Provides
  protected EngineDrivers engines(
      KernelServices kernel,
      DmaApi dma,
      Iommu iommu,
      IommuTasks tasks,
      MsiDoorbells doorbells,
      MsiFrames frames) {
    return new EngineDrivers(
        ImmutableList.of(
            new CopyDriver(kernel, dma, tasks),
            new UsbDriver(kernel, dma),
            new VideoDriver(kernel, iommu),
            new SdDriver(kernel, dma),
            new MsiDriver(kernel, frames, doorbells)));
  }

  /** What is compiled in, in the order of the initcalls: a list, because a set has none. */
  @Provides
  @Singleton
  protected ImmutableList<PlatformDriver> initcalls(
      GicV2mDriver frames, IommuDrivers iommus, EngineDrivers engines, AdrenoDriver adreno) {
    return ImmutableList.<PlatformDriver>builder()
        .add(frames)
        .addAll(iommus.drivers())
        .addAll(engines.drivers())
        .add(adreno)
        .addAll(moreDrivers())
        .build();
  }

  /** Drivers that an overriding kernel brings along, registered after all others. */
  protected ImmutableList<PlatformDriver> moreDrivers() {
    return ImmutableList.of();
  }

  @Provides
  @Singleton
  protected DriverCore driverCore(
      Scheduler scheduler,
      Dmesg dmesg,
      SystemBus bus,
      IrqController interrupts,
      SupplyMap supplies,
      ImmutableList<PlatformDriver> drivers,
      Iommu iommu,
      Lazy<DmaDebug> debug,
      KernelConfig config) {
    PlatformServices services = new PlatformServices(scheduler, dmesg, bus, interrupts, supplies);
    DriverCore core =
        new DriverCore(services, drivers, iommu.bus(), config.get(Switches.DMA_DOMAIN));
    if (config.get(Switches.DMA_DEBUG)) {
      core.onUnbound(device -> debug.get().driverUnbound(device));
    }
    return core;
  }
}
