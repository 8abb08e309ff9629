package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.function.Function;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.iommu.DmaLayer;
import org.smmulator.iommu.DriverDomain;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.kernel.device.ArchDmaSetup;

/** Switches of the DMA API. */
public final class DmaSwitches {
  /** Kernel: {@code CONFIG_DMA_API_DEBUG}. */
  public static final Switch<Boolean> DEBUG =
      Switch.flag("dma.debug", "Checks how drivers use the DMA API.", false);

  public static final Switch<Function<Timebase, DomainLookup>> IOMMU_LOOKUP =
      Switch.design(
          "dma.iommu-lookup",
          "Finds the domain in which the DMA API maps for a device.",
          "default-domain",
          ImmutableMap.of(
              "default-domain", time -> new DomainLookup.DefaultDomain(),
              "attached-domain", DmaSwitches::attached,
              "dma-type-only", time -> new DomainLookup.DmaTypeOnly(attached(time))));

  public static final Switch<Function<DmaLayer, DriverDomain>> DRIVER_DOMAIN =
      Switch.design(
          "dma.driver-domain",
          "Sets the DMA API up for a device whose driver brings a domain.",
          "driver-managed",
          ImmutableMap.of(
              "driver-managed",
              dma -> new DriverDomain.DriverManaged(),
              "none",
              dma -> new DriverDomain.None(),
              "set-default",
              DriverDomain.SetDefault::new,
              "flag-and-bless",
              DriverDomain.FlagAndBless::new));

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

  private static DomainLookup.AttachedDomain attached(Timebase time) {
    return new DomainLookup.AttachedDomain(time, DomainLookup.AttachedDomain.CONTENDED_LINE_NS);
  }
}
