package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.iommu.smmuv2.ContextBanks;
import org.smmulator.iommu.smmuv2.GpuDefaultDomain;
import org.smmulator.iommu.smmuv2.KernelBuild;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the arm-smmu driver. */
public final class SmmuSwitches {
  public static final Switch<Boolean> DISABLE_BYPASS =
      Switch.flag("arm-smmu.disable_bypass", "Aborts streams that no device has claimed.", true);

  public static final Switch<KernelBuild> KERNEL_BUILD =
      Switch.design(
          "kernel.build",
          "Chooses the architecture, and so the table formats, of the kernel.",
          "arm64",
          ImmutableMap.of(
              "arm64", new KernelBuild.Arm64(),
              "arm-lpae", new KernelBuild.ArmLpae(),
              "arm", new KernelBuild.Arm()));

  public static final Switch<GpuDefaultDomain> GPU_DEFAULT_DOMAIN =
      Switch.design(
          "smmu.gpu-default-domain",
          "Chooses the default domain of a GPU.",
          "identity",
          ImmutableMap.of(
              "identity", new GpuDefaultDomain.Identity(),
              "dma", new GpuDefaultDomain.Dma(),
              "opt-out", new GpuDefaultDomain.OptOut()));

  public static final Switch<ContextBanks> CONTEXT_BANKS =
      Switch.design(
          "smmu.context-banks",
          "Chooses the context bank of a domain.",
          "reserve-bank0",
          ImmutableMap.of(
              "reserve-bank0", new ContextBanks.ReserveBankZero(),
              "first-free", new ContextBanks.FirstFree()));

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(DISABLE_BYPASS, KERNEL_BUILD, GPU_DEFAULT_DOMAIN, CONTEXT_BANKS);

  private SmmuSwitches() {}
}
