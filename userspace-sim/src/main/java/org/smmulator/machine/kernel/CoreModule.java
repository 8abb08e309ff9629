package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Binds;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.dma.DmaDebug;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.process.SyscallCosts;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.machine.config.CoreSwitches;
import org.smmulator.machine.config.DmaSwitches;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.silicon.Timing;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceContext;
import org.smmulator.trace.Tracer;

/** Time, memory, interrupts and the driver core. */
@Module
public interface CoreModule {
  int TRACE_RECORDS = 1 << 16;

  @Provides
  @Singleton
  static Scheduler scheduler(KernelConfig config, DeviceTree tree) {
    return new Scheduler(
        config.get(CoreSwitches.SCHEDULE).make(config.get(CoreSwitches.SEED)), cpuCount(tree));
  }

  /** Counts the children of {@code /cpus}; a tree without them has one CPU. */
  static int cpuCount(DeviceTree tree) {
    DtNode cpus = tree.find("/cpus");
    long found =
        cpus == null
            ? 0
            : cpus.children().stream().filter(cpu -> cpu.baseName().equals("cpu")).count();
    return Math.max(1, (int) found);
  }

  @Binds
  Timebase timebase(Scheduler scheduler);

  @Binds
  TraceContext traceContext(Scheduler scheduler);

  @Provides
  @Singleton
  static Tracer tracer(TraceContext context) {
    return new Tracer(context, TRACE_RECORDS);
  }

  @Provides
  @Singleton
  static PageAllocator pages(
      Dram dram, BoardMemory memory, KernelConfig config, FaultInjector faults) {
    PageAllocator pages =
        new PageAllocator(
            dram, memory.reserved(), config.get(CoreSwitches.CPU_CACHE).over(dram), faults);
    pages.reclaim().swap().swapOn(config.get(CoreSwitches.SWAP_PAGES));
    return pages;
  }

  @Provides
  @Singleton
  static IrqController interrupts(Scheduler scheduler, Dmesg dmesg) {
    return new IrqController(scheduler, dmesg, Timing.INTERRUPT_NS);
  }

  /** Simulated processes read virtual time. */
  @Provides
  static MonotonicClock clock(Timebase time) {
    return new MonotonicClock(time, 0);
  }

  @Provides
  @Singleton
  static KernelServices services(
      Scheduler scheduler,
      Lockdep lockdep,
      PageAllocator pages,
      Dram dram,
      Dmesg dmesg,
      Tracer tracer,
      NodeTree nodes,
      MonotonicClock clock,
      FaultInjector faults) {
    return new KernelServices(scheduler, lockdep, pages, dram, dmesg, tracer, nodes, clock, faults);
  }

  @Provides
  static PlatformServices platformServices(
      Scheduler scheduler,
      Dmesg dmesg,
      SystemBus bus,
      IrqController interrupts,
      SupplyMap supplies) {
    return new PlatformServices(scheduler, dmesg, bus, interrupts, supplies);
  }

  @Provides
  static SyscallCosts syscallCosts() {
    return SyscallCosts.DEFAULT;
  }

  @Provides
  @Singleton
  static DriverCore driverCore(
      PlatformServices services,
      ImmutableList<PlatformDriver> initcalls,
      Iommu iommu,
      Lazy<DmaDebug> debug,
      KernelConfig config) {
    DriverCore core =
        new DriverCore(services, initcalls, iommu.bus(), config.get(DmaSwitches.ARCH_DOMAIN));
    if (config.get(DmaSwitches.DEBUG)) {
      core.onUnbound(device -> debug.get().driverUnbound(device));
    }
    return core;
  }
}
