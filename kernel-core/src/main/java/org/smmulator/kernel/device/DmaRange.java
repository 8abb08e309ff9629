package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.kernel.firmware.DtNode;

/**
 * A run of memory as a bus shows it to the devices on it. Kernel: {@code struct bus_dma_region}.
 *
 * @param cpuStart where the CPU has it, a physical address
 * @param dmaStart where the bus has it
 */
public record DmaRange(long cpuStart, long dmaStart, long sizeBytes) {
  /**
   * Returns the windows in a bus's {@code dma-ranges}, in its own addresses and those of the bus
   * above; empty if it passes everything unchanged. Kernel: {@code of_dma_range_parser_init()}.
   */
  public static ImmutableList<DmaRange> of(DtNode bus) {
    return of(bus, "dma-ranges");
  }

  /** Returns the windows in another property that is laid out in the same way. */
  public static ImmutableList<DmaRange> of(DtNode bus, String property) {
    ImmutableIntArray cells = bus.cells(property);
    if (cells.isEmpty()) {
      return ImmutableList.of();
    }
    DtNode parent = bus.parent();
    int childCells = bus.addressCells();
    int cpuCells = parent == null ? childCells : parent.addressCells();
    int sizeCells = bus.sizeCells();
    int entry = childCells + cpuCells + sizeCells;
    if (entry == 0 || cells.length() % entry != 0) {
      throw bus.wrong(
          property,
          "expected entries of %d cells (%d child address, %d parent address, %d size), found %d"
              .formatted(entry, childCells, cpuCells, sizeCells, cells.length()));
    }
    ImmutableList.Builder<DmaRange> ranges = ImmutableList.builder();
    for (int i = 0; i < cells.length(); i += entry) {
      ranges.add(
          new DmaRange(
              number(cells, i + childCells, cpuCells),
              number(cells, i, childCells),
              number(cells, i + childCells + cpuCells, sizeCells)));
    }
    return ranges.build();
  }

  private static long number(ImmutableIntArray cells, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 32 | Integer.toUnsignedLong(cells.get(i));
    }
    return value;
  }
}
