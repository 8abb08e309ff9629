package org.smmulator.hw.bus;

/** An IOMMU, as a device's bus port sees it. */
public interface Translator {
  /** The transaction was refused and the master is told so (a bus error). */
  long ABORT = -1;

  /** The transaction was refused in silence: loads read as zero, stores are ignored. */
  long RAZ_WI = -2;

  /** No substream (PASID) accompanies the transaction. */
  int NO_SUBSTREAM = -1;

  /**
   * Translates {@code iova}. Implementations neither allocate nor throw. If the IOMMU stalls the
   * transaction the calling process blocks in here until software resumes or terminates it. Other
   * contexts run meanwhile, so the caller's own device may have been reset when this returns.
   *
   * @param streamId of the master
   * @param substreamId the PASID, or {@link #NO_SUBSTREAM}
   * @param access a mask of {@link BusMaster#READ}, {@link BusMaster#WRITE}, {@link
   *     BusMaster#INSTRUCTION} and {@link BusMaster#PRIVILEGED}
   * @return the physical address, or {@link #ABORT} or {@link #RAZ_WI}
   */
  long translate(int streamId, int substreamId, long iova, int access);

  /**
   * The master was reset: a transaction of its that is held is not tried again, once it is let go.
   * An IOMMU that tries nothing again has nothing to do.
   */
  default void masterReset(int streamId) {}

  /**
   * How many entries walks have put into the TLB, as an event counter of the IOMMU would tell; 0 if
   * it counts none.
   */
  default long tlbFills() {
    return 0;
  }

  /** Connects a debugger to the TLB, in place of any other; an IOMMU without one ignores it. */
  default void watchTlb(TlbWatch watch) {}

  /** The translator of a device without an IOMMU: every address is physical. */
  static Translator none() {
    return (streamId, substreamId, iova, access) -> iova;
  }
}
