package org.smmulator.iommu.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;

/**
 * Into which domain a call of the DMA API maps: the switch {@code dma.iommu-lookup}.
 *
 * <p>Asked on every call, so it allocates nothing. The MSI path asks for no domain; see {@link
 * IommuMsiDoorbells}.
 */
public sealed interface DomainLookup {
  /**
   * The domain for a device of {@code group}; null if the call is to go past the IOMMU.
   *
   * @param time what the search costs is spent there
   */
  @Nullable IommuDomain domainOf(IommuGroup group, Timebase time);

  /**
   * Returns whether a doorbell is refused to a device whose domain has no room for doorbells. Until
   * 2022 the device got the doorbell's own address, and its store was a fault.
   */
  default boolean refusesDoorbells() {
    return false;
  }

  /**
   * {@code default-domain}: the group's default domain, whatever the group is attached to. Linux
   * does so since Murphy's fast path of 2018. Kernel: {@code iommu_get_dma_domain()}.
   *
   * <p>A device with a driver lives as long as its group, so no reference is needed, and no other
   * CPU waits for the group's counter. The price: a driver that has attached a domain of its own
   * maps where its device does not look.
   */
  record DefaultDomain() implements DomainLookup {
    @Override
    public @Nullable IommuDomain domainOf(IommuGroup group, Timebase time) {
      return group.dmaDomain();
    }

    /** {@inheritDoc} Kernel: {@code iommu_dma_prepare_msi()} of today. */
    @Override
    public boolean refusesDoorbells() {
      return true;
    }
  }

  /**
   * {@code attached-domain}: where the device's DMA goes now. Linux did so before 2018. Kernel:
   * {@code iommu_get_domain_for_dev()}.
   *
   * <p>Each call takes a reference to the group and drops it, two atomic updates of one counter
   * that all CPUs share. They cost virtual time here, as the line of the cache goes from CPU to
   * CPU.
   */
  record AttachedDomain() implements DomainLookup {
    /** The cost that one update of a contended counter is taken to have; measured values vary. */
    public static final long CONTENDED_LINE_NS = 50;

    @Override
    public @Nullable IommuDomain domainOf(IommuGroup group, Timebase time) {
      return attached(group, time);
    }
  }

  /**
   * {@code dma-type-only}: the attached domain if the core made it for the DMA API, else none:
   * calls for a device whose driver has attached its own domain are direct. "Prevent iommu-dma from
   * operating on non-DMA domains", as it was put in 2018.
   *
   * <p>Right for a driver that maps for itself and calls the DMA API for coherency only; the end
   * for one that made a domain and wants the DMA API to map into it.
   */
  record DmaTypeOnly() implements DomainLookup {
    @Override
    public @Nullable IommuDomain domainOf(IommuGroup group, Timebase time) {
      IommuDomain domain = attached(group, time);
      return domain != null && domain.type().isDma() ? domain : null;
    }
  }

  private static @Nullable IommuDomain attached(IommuGroup group, Timebase time) {
    group.countReference();
    time.consume(2 * AttachedDomain.CONTENDED_LINE_NS);
    return group.domain();
  }
}
