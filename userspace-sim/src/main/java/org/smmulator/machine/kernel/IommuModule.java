package org.smmulator.machine.kernel;

import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDesign;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.IommuPolicy.CommandLine;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.dma.IommuDma;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.iommu.sva.GlobalPasids;
import org.smmulator.iommu.sva.PasidBinder;
import org.smmulator.iommu.sva.ProcessFaults;
import org.smmulator.iommu.sva.SvaBinder;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.load.LoadBinder;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.machine.config.DmaSwitches;
import org.smmulator.machine.config.IommuSwitches;
import org.smmulator.machine.config.KernelConfig;

/** The IOMMU core, page requests, and address spaces for tasks. */
@Module
public class IommuModule {
  @Provides
  static IommuPolicy policy(KernelConfig config) {
    CommandLine said =
        new CommandLine(
            config.isSet(IommuSwitches.PASSTHROUGH), config.isSet(IommuSwitches.STRICT));
    return IommuPolicy.of(config.get(IommuSwitches.PASSTHROUGH), config.get(IommuSwitches.STRICT))
        .asSaidBy(said);
  }

  @Provides
  static IommuDesign design(IommuDma dma, KernelConfig config) {
    return new IommuDesign(
        config.get(IommuSwitches.MAP_SPLIT),
        config.get(IommuSwitches.PAGE_SIZES),
        config.get(IommuSwitches.GROUPS).get(),
        config.get(DmaSwitches.ARCH_DOMAIN),
        config.get(DmaSwitches.DRIVER_DOMAIN),
        dma);
  }

  @Provides
  static IommuServices services(KernelServices kernel, Iommu iommu, IoPgtables pgtables) {
    return new IommuServices(kernel, iommu, pgtables);
  }

  @Provides
  @Singleton
  static IopfQueue pageRequests(Iommu iommu, Scheduler scheduler) {
    return new IopfQueue(iommu, new Workqueue(scheduler, "iopf_queue"));
  }

  /** Makes what resolves faults of devices on the pages of processes. */
  @Provides
  protected PageFaultHandler processFaults() {
    return new ProcessFaults();
  }

  @Provides
  @Singleton
  static IommuTasks tasks(
      Iommu iommu, GlobalPasids pasids, TaskBinder gpus, SvaBinder shared, KernelConfig config) {
    TaskBinder withoutPasid = new LoadBinder(iommu, gpus);
    return new IommuTasks(
        iommu,
        config.get(IommuSwitches.TASK_MODE),
        new PasidBinder(iommu, pasids, withoutPasid),
        shared);
  }
}
