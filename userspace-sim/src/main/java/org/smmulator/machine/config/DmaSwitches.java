package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.iommu.DriverDomain;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the DMA API. */
public final class DmaSwitches {
  /** Kernel: {@code CONFIG_DMA_API_DEBUG}. */
  public static final Switch<Boolean> DEBUG =
      Switch.flag("dma.debug", "Checks how drivers use the DMA API.", false);

  public static final Switch<DomainLookup> IOMMU_LOOKUP =
      Switch.design(
          "dma.iommu-lookup",
          "Finds the domain in which the DMA API maps for a device.",
          "default-domain",
          ImmutableMap.of(
              "default-domain", new DomainLookup.DefaultDomain(),
              "attached-domain", new DomainLookup.AttachedDomain(),
              "dma-type-only", new DomainLookup.DmaTypeOnly()));

  public static final Switch<DriverDomain> DRIVER_DOMAIN =
      Switch.design(
          "dma.driver-domain",
          "Sets the DMA API up for a device whose driver brings a domain.",
          "driver-managed",
          ImmutableMap.of(
              "driver-managed",
              new DriverDomain.DriverManaged(),
              "none",
              new DriverDomain.None(),
              "set-default",
              new DriverDomain.SetDefault(),
              "flag-and-bless",
              new DriverDomain.FlagAndBless()));

  public static final Switch<ArchDmaSetup> ARCH_DOMAIN =
      Switch.design(
          "arch.dma-domain",
          "Chooses the devices that share a domain for the DMA API.",
          "per-device",
          ImmutableMap.of(
              "per-device", new ArchDmaSetup.PerDevice(),
              "per-iommu-instance", new ArchDmaSetup.PerIommuInstance(),
              "listed-devices", new ArchDmaSetup.ListedDevices()));

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(DEBUG, IOMMU_LOOKUP, DRIVER_DOMAIN, ARCH_DOMAIN);

  private DmaSwitches() {}
}
