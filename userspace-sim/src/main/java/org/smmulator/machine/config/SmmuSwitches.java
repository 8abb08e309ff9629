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
      Switch.flag("arm-smmu.disable_bypass", "Aborts streams that no device has claimed.", true)
          .told(
              "0",
              "Linux, arm-smmu.disable_bypass=0",
              "Streams that no device has claimed pass untranslated.")
          .told("1", "Linux today", "Streams that no device has claimed are aborted.");

  public static final Switch<KernelBuild> KERNEL_BUILD =
      Switch.<KernelBuild>design(
              "kernel.build",
              "Chooses the architecture, and so the table formats, of the kernel.",
              "arm64",
              ImmutableMap.of(
                  "arm64", new KernelBuild.Arm64(),
                  "arm-lpae", new KernelBuild.ArmLpae(),
                  "arm", new KernelBuild.Arm()))
          .told("arm64", "Linux for arm64", "Tables are of the 64-bit format.")
          .told(
              "arm-lpae",
              "Linux for arm with LPAE",
              "Tables are of the 32-bit long-descriptor format.")
          .told("arm", "Linux for arm without LPAE", "Tables are of the short-descriptor format.");

  public static final Switch<GpuDefaultDomain> GPU_DEFAULT_DOMAIN =
      Switch.<GpuDefaultDomain>design(
              "smmu.gpu-default-domain",
              "Chooses the default domain of a GPU.",
              "identity",
              ImmutableMap.of(
                  "identity", new GpuDefaultDomain.Identity(),
                  "dma", new GpuDefaultDomain.Dma(),
                  "opt-out", new GpuDefaultDomain.OptOut()))
          .told(
              "identity",
              "Linux since 2020",
              "A GPU has no translation until its driver attaches a domain.")
          .told(
              "dma",
              "Linux in 2018",
              "A GPU gets a DMA domain as any device, and that takes a context bank.")
          .told(
              "opt-out",
              "Jordan Crouse and Rob Clark, 2018",
              "The SMMU's driver refuses to attach a default domain to a listed GPU; the core goes"
                  + " on without.");

  public static final Switch<ContextBanks> CONTEXT_BANKS =
      Switch.<ContextBanks>design(
              "smmu.context-banks",
              "Chooses the context bank of a domain.",
              "reserve-bank0",
              ImmutableMap.of(
                  "reserve-bank0", new ContextBanks.ReserveBankZero(),
                  "first-free", new ContextBanks.FirstFree()))
          .told(
              "reserve-bank0",
              "Jordan Crouse; Linux since 2020",
              "Bank 0 is kept for the GPU, which can switch no other.")
          .told("first-free", "Linux in 2018", "A domain takes the first bank that is free.");

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(DISABLE_BYPASS, KERNEL_BUILD, GPU_DEFAULT_DOMAIN, CONTEXT_BANKS);

  private SmmuSwitches() {}
}
