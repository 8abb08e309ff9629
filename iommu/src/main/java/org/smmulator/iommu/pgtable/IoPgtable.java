package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * A page table in the machine's memory, in the format of some IOMMU.
 *
 * <p>Kernel: {@code struct io_pgtable_ops}. It shields drivers from the bits of entries. Its owner
 * serialises nothing: one context runs at a time and nothing in here waits.
 *
 * <p>A call may stop at the end of a table page; callers loop. The result of {@link #mapPages}
 * holds both answers of the kernel's function, progress and error, in one {@code long} so that
 * nothing is allocated: see {@link #mapped} and {@link #errno}.
 */
public interface IoPgtable extends MapOps {
  /**
   * Sets table pages aside for a map of the range, in whatever sizes it comes.
   *
   * @throws ErrnoException EINVAL if iova or size is not a multiple of the smallest page; ERANGE
   *     outside of what the table can map; EOPNOTSUPP if the format reserves nothing; ENOMEM
   */
  default TableReserve preallocate(long iova, long sizeBytes) throws ErrnoException {
    throw EOPNOTSUPP.because("the format reserves no pages");
  }

  /** The physical address behind {@code iova}; 0 if nothing is mapped there. */
  long iovaToPhys(long iova);

  /**
   * Reports the leaves of a range that hardware has marked as written since they were last clean.
   * Nobody invalidates: a TLB may hold what is made clean here. Kernel: {@code
   * read_and_clear_dirty()}.
   *
   * @param clear whether they are made clean; Kernel: without {@code IOMMU_DIRTY_NO_CLEAR}
   * @return 0, or an errno, positive: EOPNOTSUPP if the format does not remember, EINVAL for an
   *     empty range or one outside, and at the first hole, with what came before it reported
   */
  default int readAndClearDirty(long iova, long sizeBytes, boolean clear, DirtyPages found) {
    return EOPNOTSUPP.number();
  }

  /**
   * Tells what a hardware walker would find for {@code iova}, level by level, for people and tests.
   */
  PgtableWalk explain(long iova);

  /** Shows all leaves in the order of their iovas, for people and tests. */
  void forEachLeaf(LeafVisitor visitor);

  /** The table's configuration, narrowed to what the format has. */
  IoPgtableConfig config();

  /** The register values with which hardware walks this table. */
  PgtableRegisters registers();

  /**
   * The bytes that one entry of the root spans; 0 if two roots of this format cannot share what is
   * behind one.
   */
  default long rootSpanBytes() {
    return 0;
  }

  /** Flushes everything, then gives all memory back. The table must not be used again. */
  void free();

  /** The bytes mapped, out of a result of {@link #mapPages}. */
  static long mapped(long result) {
    return result & ~ERRNO_MASK;
  }

  /** The errno, positive, out of a result of {@link #mapPages}; 0 if all is well. */
  static int errno(long result) {
    return (int) (result & ERRNO_MASK);
  }

  /** The bits of a result of {@link #mapPages} that hold an errno: no page is smaller than this. */
  long ERRNO_MASK = 0xfff;
}
