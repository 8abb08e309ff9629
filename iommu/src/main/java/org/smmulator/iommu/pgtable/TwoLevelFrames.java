package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.util.Arrays;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * The memory that one table of two levels is made of: a root, and tables of 1 KiB, four of them in
 * a page. ARMv7's short descriptors and Samsung's own are alike in that.
 *
 * <p>Kernel: {@code __arm_v7s_alloc_table()} with its {@code io-pgtable_armv7s_l2} slab, and the
 * {@code exynos-iommu-lv2table} slab; here each table has a slab for itself. A page goes back when
 * the last of its four tables does.
 */
// Tables come and go rarely beside leaves, so finding the page of a freed table is a plain search.
final class TwoLevelFrames {
  static final int TABLE_BYTES = 1 << 10;
  private static final int ALL_TAKEN = 0b1111;

  private final Dram dram;
  private final PageAllocator pages;
  private final PageOwner owner;
  private final PgtableWarnings warnings;
  private final int rootOrder;
  private final int addressBits;

  private long rootPa = NONE;

  /** The pages that tables are in, each with a bit for each of its tables that is taken. */
  private long[] slabPa = new long[4];

  private byte[] slabTaken = new byte[4];
  private int slabs;

  /** No page before this one has room. */
  private int firstWithRoom;

  /**
   * Takes nothing yet.
   *
   * @param addressBits how many bits of a table's address fit into an entry
   */
  TwoLevelFrames(
      Dram dram,
      PageAllocator pages,
      PageOwner owner,
      PgtableWarnings warnings,
      int rootOrder,
      int addressBits) {
    this.dram = dram;
    this.pages = pages;
    this.owner = owner;
    this.warnings = warnings;
    this.rootOrder = rootOrder;
    this.addressBits = addressBits;
  }

  /** Takes the root, all zero, aligned to its size. */
  long allocRoot() throws ErrnoException {
    rootPa = tryAllocPages(rootOrder);
    if (rootPa == NONE) {
      throw Errno.ENOMEM.because("no root of 2^%d pages for %s", rootOrder, owner);
    }
    return rootPa;
  }

  /** Takes a table, all zero, aligned to its size; {@link PageAllocator#NONE} if there is none. */
  long tryAllocTable() {
    while (firstWithRoom < slabs && slabTaken[firstWithRoom] == ALL_TAKEN) {
      firstWithRoom++;
    }
    if (firstWithRoom == slabs && !addSlab()) {
      return NONE;
    }
    int slot = Integer.numberOfTrailingZeros(~slabTaken[firstWithRoom]);
    slabTaken[firstWithRoom] |= (byte) (1 << slot);
    long pa = slabPa[firstWithRoom] + (long) slot * TABLE_BYTES;
    dram.zero(pa, TABLE_BYTES);
    return pa;
  }

  private boolean addSlab() {
    long pa = tryAllocPages(0);
    if (pa == NONE) {
      return false;
    }
    if (slabs == slabPa.length) {
      slabPa = Arrays.copyOf(slabPa, 2 * slabs);
      slabTaken = Arrays.copyOf(slabTaken, 2 * slabs);
    }
    slabPa[slabs] = pa;
    slabTaken[slabs] = 0;
    slabs++;
    return true;
  }

  private long tryAllocPages(int order) {
    long pa = pages.tryAlloc(order, owner);
    if (pa == NONE || pa >>> addressBits == 0) {
      return pa;
    }
    pages.free(pa, order, owner);
    warnings.tableDoesNotFit(pa);
    return NONE;
  }

  void freeTable(long pa) {
    long slab = pa & -PAGE_SIZE;
    int index = 0;
    while (slabPa[index] != slab) {
      index++;
    }
    slabTaken[index] &= (byte) ~(1 << (int) ((pa - slab) / TABLE_BYTES));
    firstWithRoom = Math.min(firstWithRoom, index);
    if (slabTaken[index] == 0) {
      pages.free(slab, 0, owner);
      slabs--;
      slabPa[index] = slabPa[slabs];
      slabTaken[index] = slabTaken[slabs];
    }
  }

  /** Frees the root and every table. */
  void freeAll() {
    for (int i = 0; i < slabs; i++) {
      pages.free(slabPa[i], 0, owner);
    }
    slabs = 0;
    pages.free(rootPa, rootOrder, owner);
  }
}
