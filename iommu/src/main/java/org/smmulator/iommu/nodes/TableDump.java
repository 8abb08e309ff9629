package org.smmulator.iommu.nodes;

import java.util.Locale;
import java.util.function.Consumer;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.prot.IommuProt;

/**
 * A whole table for people: a line for each run of leaves of one size and one protection that
 * follow each other on both sides.
 *
 * <pre>
 * 0x0000000010000000-0x0000000010007fff -> 0x0000000091000000 8 x 4K rw cache
 * </pre>
 */
final class TableDump implements LeafVisitor {
  private static final String UNITS = "KMGT";

  private final StringBuilder text = new StringBuilder();
  private long runIova;
  private long runPa;
  private long leafBytes;
  private long leaves;
  private int runProt;

  /**
   * Returns what a table maps now, or a line that says that it maps nothing.
   *
   * @param table shows each of its leaves, by iova
   */
  static String of(Consumer<LeafVisitor> table) {
    TableDump dump = new TableDump();
    table.accept(dump);
    dump.endRun();
    return dump.text.isEmpty() ? "nothing is mapped\n" : dump.text.toString();
  }

  @Override
  public void leaf(long iova, long sizeBytes, long pa, int prot) {
    long runBytes = leaves * leafBytes;
    boolean goesOn =
        sizeBytes == leafBytes
            && prot == runProt
            && iova == runIova + runBytes
            && pa == runPa + runBytes;
    if (leaves == 0 || !goesOn) {
      endRun();
      runIova = iova;
      runPa = pa;
      leafBytes = sizeBytes;
      runProt = prot;
    }
    leaves++;
  }

  private void endRun() {
    if (leaves > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "0x%016x-0x%016x -> 0x%016x %d x %s %s\n",
              runIova,
              runIova + leaves * leafBytes - 1,
              runPa,
              leaves,
              inUnits(leafBytes),
              IommuProt.describe(runProt)));
    }
    leaves = 0;
  }

  /** A power of two from 1K on. */
  private static String inUnits(long bytes) {
    int tens = Long.numberOfTrailingZeros(bytes) / 10;
    return String.format(Locale.ROOT, "%d%c", bytes >> (10 * tens), UNITS.charAt(tens - 1));
  }
}
