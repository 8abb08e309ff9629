package org.smmulator.kernel.device;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/** What the device tree says of a device's DMA. Kernel: {@code drivers/of/device.c}. */
final class OfDma {
  private OfDma() {}

  /** Narrows the masks to what the buses above carry. Kernel: {@code of_dma_configure_id()}. */
  static void limit(DmaSettings dma, DtNode node) {
    DtNode bus = busWithRanges(node);
    if (bus == null || bus.cells("dma-ranges").isEmpty()) {
      return; // no statement, or a statement that all addresses pass unchanged
    }
    long last = lastDmaAddress(bus);
    long carried = -1L >>> Long.numberOfLeadingZeros(last);
    dma.setBusLimit(last);
    dma.setMask(dma.mask() & carried);
    dma.setCoherentMask(dma.coherentMask() & carried);
  }

  /** Kernel: {@code of_dma_is_coherent()}. */
  static boolean isCoherent(DtNode node) {
    for (DtNode at = node; at != null; at = at.parent()) {
      if (at.has("dma-coherent")) {
        return true;
      }
      if (at.has("dma-noncoherent")) {
        return false;
      }
    }
    return false;
  }

  private static @Nullable DtNode busWithRanges(DtNode node) {
    DtNode at = node.parent();
    while (at != null && !at.has("dma-ranges")) {
      at = at.parent();
    }
    return at;
  }

  private static long lastDmaAddress(DtNode bus) {
    ImmutableIntArray cells = bus.cells("dma-ranges");
    int childCells = bus.cell("#address-cells", 2);
    int cpuCells = checkNotNull(bus.parent()).cell("#address-cells", 2);
    int sizeCells = bus.cell("#size-cells", 1);
    int entry = childCells + cpuCells + sizeCells;
    if (entry == 0 || cells.length() % entry != 0) {
      throw bus.wrong(
          "dma-ranges",
          "expected entries of %d cells (%d child address, %d parent address, %d size), found %d"
              .formatted(entry, childCells, cpuCells, sizeCells, cells.length()));
    }
    long last = 0;
    for (int i = 0; i < cells.length(); i += entry) {
      long dmaStart = number(cells, i, childCells);
      if (dmaStart != number(cells, i + childCells, cpuCells)) {
        throw bus.wrong(
            "dma-ranges", "DMA addresses that differ from the CPU's are not modelled; use <0 0 …>");
      }
      long end = dmaStart + number(cells, i + childCells + cpuCells, sizeCells) - 1;
      last = Long.compareUnsigned(end, last) > 0 ? end : last;
    }
    return last;
  }

  private static long number(ImmutableIntArray cells, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 32 | Integer.toUnsignedLong(cells.get(i));
    }
    return value;
  }
}
