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
      Switch.flag("dma.debug", "Checks how drivers use the DMA API.", false)
          .told("0", "Linux today", "Nobody watches.")
          .told(
              "1",
              "Linux, CONFIG_DMA_API_DEBUG",
              "Drivers that unmap wrongly, forget to, or touch what the device owns are told of in"
                  + " the log.");

  public static final Switch<DomainLookup> IOMMU_LOOKUP =
      Switch.<DomainLookup>design(
              "dma.iommu-lookup",
              "Finds the domain in which the DMA API maps for a device.",
              "default-domain",
              ImmutableMap.of(
                  "default-domain", new DomainLookup.DefaultDomain(),
                  "attached-domain", new DomainLookup.AttachedDomain(),
                  "dma-type-only", new DomainLookup.DmaTypeOnly()))
          .told(
              "default-domain",
              "Robin Murphy, 2018; Linux today",
              "Maps into the default domain of the device's group, whatever is attached; no"
                  + " reference is taken.")
          .told(
              "attached-domain",
              "Linux until 2018",
              "Maps where the device's DMA goes now; each call takes a reference to the group and"
                  + " drops it.")
          .told(
              "dma-type-only",
              "Robin Murphy, 2018",
              "Maps into the attached domain if the core made it for the DMA API, else calls are"
                  + " direct.");

  public static final Switch<DriverDomain> DRIVER_DOMAIN =
      Switch.<DriverDomain>design(
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
                  new DriverDomain.FlagAndBless()))
          .told(
              "driver-managed",
              "Lu Baolu, 2022; Linux today",
              "A driver that says driver_managed_dma looks after its domain; all others own a share"
                  + " of the default domain.")
          .told("none", "Linux in 2018", "A driver's bind does not ask who else is in the group.")
          .told(
              "set-default",
              "Marek Szyprowski, 2018",
              "A driver can make its domain the group's default.")
          .told(
              "flag-and-bless",
              "named in 2018",
              "A flag in the driver keeps the core's DMA setup away, and a call blesses the"
                  + " driver's domain for the DMA API later.");

  public static final Switch<ArchDmaSetup> ARCH_DOMAIN =
      Switch.<ArchDmaSetup>design(
              "arch.dma-domain",
              "Chooses the devices that share a domain for the DMA API.",
              "per-device",
              ImmutableMap.of(
                  "per-device", new ArchDmaSetup.PerDevice(),
                  "per-iommu-instance", new ArchDmaSetup.PerIommuInstance(),
                  "listed-devices", new ArchDmaSetup.ListedDevices()))
          .told(
              "per-device",
              "arm, 2014; Linux today, by group",
              "Each device has a domain of its own, and reaches no other's buffers.")
          .told(
              "per-iommu-instance",
              "Will Deacon, 2014",
              "All devices behind one IOMMU share its domain and its allocator.")
          .told(
              "listed-devices",
              "Thierry Reding, 2014",
              "Devices on the IOMMU driver's list share a domain that is reserved for the DMA API;"
                  + " the others have none until they attach one.");

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(DEBUG, IOMMU_LOOKUP, DRIVER_DOMAIN, ARCH_DOMAIN);

  private DmaSwitches() {}
}
