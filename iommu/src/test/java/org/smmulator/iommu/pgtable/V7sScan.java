package org.smmulator.iommu.pgtable;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.dram.Dram;

/**
 * Reads a whole short-descriptor table out of memory, with a reading of the bits of its own: it
 * shares nothing with the code under test.
 */
final class V7sScan {
  private final Dram dram;
  int tables;
  final List<TableScan.Leaf> leaves = new ArrayList<>();

  V7sScan(Dram dram, long rootPa, int ias) {
    this.dram = dram;
    for (long i = 0; i < 1L << (ias - 20); i++) {
      int entry = dram.getInt(rootPa + 4 * i);
      if ((entry & 3) == 1) {
        scanPages(entry & 0xffff_fc00L, i << 20);
      } else if (entry != 0) {
        leaves.add(new TableScan.Leaf(i << 20, 1, entry & 0xffff_ffffL));
      }
    }
  }

  private void scanPages(long tablePa, long iova) {
    tables++;
    for (long i = 0; i < 256; i++) {
      int entry = dram.getInt(tablePa + 4 * i);
      if (entry != 0) {
        leaves.add(new TableScan.Leaf(iova + (i << 12), 2, entry & 0xffff_ffffL));
      }
    }
  }
}
