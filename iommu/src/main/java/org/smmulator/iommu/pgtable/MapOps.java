package org.smmulator.iommu.pgtable;

import org.jspecify.annotations.Nullable;

/** Leaves of one size, written and cleared in runs: by a table, or by the driver of a domain. */
public interface MapOps {
  /**
   * Maps up to {@code count} leaves of {@code pgsizeBytes} each, from {@code iova} to {@code pa}.
   *
   * <p>EEXIST where a leaf is in the way (EADDRINUSE in Samsung's format), EINVAL for a size the
   * table lacks or neither READ nor WRITE, ERANGE for an address outside, ENOMEM for no memory for
   * a table.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
   * @return bytes mapped, and in the low 12 bits an errno, 0 if all is well
   */
  long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot);

  /**
   * Unmaps up to {@code count} leaves of {@code pgsizeBytes} each, or whole tables that span as
   * much. Samsung's format unmaps holes too, and keeps its tables.
   *
   * @param gather collects the leaves to invalidate; null if the caller will flush everything
   * @return bytes unmapped; less than asked for at a hole, or at the end of a table page
   */
  long unmapPages(long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather);
}
