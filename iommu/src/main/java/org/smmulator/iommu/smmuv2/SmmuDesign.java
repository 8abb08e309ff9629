package org.smmulator.iommu.smmuv2;

/**
 * The driver's parameter and the designs that it is built with.
 *
 * @param disableBypass whether unknown streams fault, {@code arm-smmu.disable_bypass}: the default
 *     of the kernel is that they do
 * @param contextBanks {@code smmu.context-banks}
 * @param gpuDefaultDomain {@code smmu.gpu-default-domain}
 * @param kernelBuild {@code kernel.build}
 */
public record SmmuDesign(
    boolean disableBypass,
    ContextBanks contextBanks,
    GpuDefaultDomain gpuDefaultDomain,
    KernelBuild kernelBuild) {

  /** Returns the design of today's kernel, built for 64 bits. */
  public static SmmuDesign today() {
    return new SmmuDesign(
        true,
        new ContextBanks.ReserveBankZero(),
        new GpuDefaultDomain.Identity(),
        new KernelBuild.Arm64());
  }
}
