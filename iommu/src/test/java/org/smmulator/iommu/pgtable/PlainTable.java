package org.smmulator.iommu.pgtable;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.smmulator.kernel.errno.Errno;

/**
 * What a table of 4 KiB, 2 MiB and 1 GiB leaves means, without a single bit: a map of leaves, and
 * which tables stand.
 */
final class PlainTable {
  record Leaf(long sizeBytes, long pa) {}

  private record Table(long spanBytes, long iova) implements Comparable<Table> {
    @Override
    public int compareTo(Table other) {
      int byIova = Long.compare(iova, other.iova);
      return byIova != 0 ? byIova : Long.compare(other.spanBytes, spanBytes);
    }
  }

  static final long[] SIZES = {1L << 12, 1L << 21, 1L << 30};

  private final TreeMap<Long, Leaf> leaves = new TreeMap<>();
  private final TreeSet<Table> tables = new TreeSet<>();

  Map<Long, Leaf> leaves() {
    return leaves;
  }

  /** Maps one leaf; the result is as {@link IoPgtable#mapPages} has it. */
  long map(long iova, long pa, long size) {
    for (int i = SIZES.length - 1; SIZES[i] > size; i--) {
      long spanStart = iova & -SIZES[i];
      if (isLeaf(spanStart, SIZES[i])) {
        return Errno.EEXIST.number();
      }
      tables.add(new Table(SIZES[i], spanStart));
    }
    if (isLeaf(iova, size)) {
      return Errno.EEXIST.number();
    }
    clear(iova, size);
    leaves.put(iova, new Leaf(size, pa));
    return size;
  }

  /** Unmaps one leaf, or the table that spans as much; returns the bytes. */
  long unmap(long iova, long size) {
    for (int i = SIZES.length - 1; SIZES[i] > size; i--) {
      if (!tables.contains(new Table(SIZES[i], iova & -SIZES[i]))) {
        return 0;
      }
    }
    if (!isLeaf(iova, size) && !tables.contains(new Table(size, iova))) {
      return 0;
    }
    clear(iova, size);
    return size;
  }

  long iovaToPhys(long iova) {
    var below = leaves.floorEntry(iova);
    if (below == null || iova - below.getKey() >= below.getValue().sizeBytes()) {
      return 0;
    }
    return below.getValue().pa() + (iova - below.getKey());
  }

  /** All tables there must be, the root with them. */
  int tableCount() {
    return tables.size() + 1;
  }

  private boolean isLeaf(long iova, long size) {
    Leaf leaf = leaves.get(iova);
    return leaf != null && leaf.sizeBytes() == size;
  }

  private void clear(long iova, long size) {
    leaves.subMap(iova, iova + size).clear();
    tables.subSet(new Table(size, iova), new Table(Long.MAX_VALUE, iova + size)).clear();
  }
}
