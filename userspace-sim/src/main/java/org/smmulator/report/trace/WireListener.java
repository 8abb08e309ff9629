package org.smmulator.report.trace;

import org.smmulator.kernel.firmware.DtNode;

/** Hears what passes the wires between masters and their IOMMUs. It must not touch the machine. */
public interface WireListener {
  /**
   * A command processor writes another pagetable into a context bank.
   *
   * @param ttbr0 the bank's register, ASID included
   */
  default void tableSwitched(DtNode iommu, int bank, long ttbr0) {}

  /** A command processor has its context bank forget the entries of an ASID. */
  default void asidInvalidated(DtNode iommu, int bank, int asid) {}

  /** An access begins; the IOMMU may take its time over it. */
  default void accessBegins() {}

  /**
   * An access was answered.
   *
   * @param access a mask of the bits of {@link org.smmulator.hw.bus.BusMaster}
   * @param pa where it leads; negative if the IOMMU refused it
   * @param missed whether the IOMMU took something into its TLB meanwhile
   */
  default void accessed(
      DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {}
}
