package org.smmulator.iommu.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;

/**
 * {@code attached-domain}: where the device's DMA goes now. What Linux did before 2018. Kernel:
 * {@code iommu_get_domain_for_dev()}.
 *
 * <p>Each call takes a reference to the group and drops it, two atomic updates of one counter that
 * all CPUs share. They cost virtual time here, as the line of the cache goes from CPU to CPU.
 */
public final class AttachedDomainLookup implements DomainLookup {
  /** What one update of a contended counter is taken to cost; measured values vary around it. */
  public static final long CONTENDED_LINE_NS = 50;

  private final Timebase timebase;
  private final long updateNs;

  /**
   * Makes the lookup.
   *
   * @param updateNs what one update of the group's counter costs
   */
  public AttachedDomainLookup(Timebase timebase, long updateNs) {
    this.timebase = timebase;
    this.updateNs = updateNs;
  }

  @Override
  public @Nullable IommuDomain domainOf(IommuGroup group) {
    group.borrow();
    timebase.consume(2 * updateNs);
    return group.domain();
  }
}
