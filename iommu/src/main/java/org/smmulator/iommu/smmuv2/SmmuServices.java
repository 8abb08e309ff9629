package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;

/**
 * What the kernel around it gives the driver.
 *
 * @param disableBypass whether unknown streams fault, {@code arm-smmu.disable_bypass}: the default
 *     of the kernel is that they do
 * @param contextBanks {@code smmu.context-banks}
 * @param gpuDefaultDomain {@code smmu.gpu-default-domain}
 * @param kernelBuild {@code kernel.build}
 */
public record SmmuServices(
    Iommu iommu,
    IoPgtables pgtables,
    PageAllocator pages,
    Scheduler scheduler,
    Lockdep lockdep,
    boolean disableBypass,
    ContextBanks contextBanks,
    GpuDefaultDomain gpuDefaultDomain,
    KernelBuild kernelBuild) {

  /** With the designs of today's kernel, built for 64 bits. */
  public SmmuServices(
      Iommu iommu,
      IoPgtables pgtables,
      PageAllocator pages,
      Scheduler scheduler,
      Lockdep lockdep,
      boolean disableBypass) {
    this(
        iommu,
        pgtables,
        pages,
        scheduler,
        lockdep,
        disableBypass,
        new ContextBanks.ReserveBankZero(),
        new GpuDefaultDomain.Identity(),
        new KernelBuild.Arm64());
  }
}
