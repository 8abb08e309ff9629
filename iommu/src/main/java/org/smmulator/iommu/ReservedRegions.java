package org.smmulator.iommu;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.firmware.DtReference;

/**
 * Collects the iovas of a device that are not free: its IOMMU's driver names some, and firmware
 * others, in {@code reserved-memory} nodes with {@code iommu-addresses}.
 *
 * <p>Kernel: {@code iommu_get_resv_regions()}, {@code of_iommu_get_resv_regions()}, {@code
 * iommu_insert_resv_region()}.
 */
final class ReservedRegions {
  /** All regions of one device, in no special order. */
  ImmutableList<ReservedRegion> of(Device device) {
    ImmutableList.Builder<ReservedRegion> all = ImmutableList.builder();
    IommuOps ops = DeviceIommu.of(device).ops();
    DtNode node = device.of();
    if (node != null && ops.addsFirmwareRegions()) {
      for (DtReference memory : node.references("memory-region", "#memory-region-cells")) {
        addFirmware(memory.node(), device, node, all);
      }
    }
    return all.addAll(ops.reservedRegions(device)).build();
  }

  /** The regions of all members, sorted, overlaps of one kind merged. */
  ImmutableList<ReservedRegion> of(IommuGroup group) {
    List<ReservedRegion> sorted = new ArrayList<>();
    for (Device device : group.devices()) {
      sorted.addAll(of(device));
    }
    sorted.sort(
        comparingLong(ReservedRegion::start).thenComparing(comparing(ReservedRegion::kind)));
    return merged(sorted);
  }

  private static ImmutableList<ReservedRegion> merged(List<ReservedRegion> sorted) {
    List<ReservedRegion> done = new ArrayList<>();
    for (ReservedRegion next : sorted) {
      int same = lastOfKind(done, next.kind());
      if (same >= 0 && next.start() <= done.get(same).end() + 1) {
        ReservedRegion before = done.get(same);
        long end = Math.max(before.end(), next.end());
        done.set(
            same,
            new ReservedRegion(
                before.start(), end - before.start() + 1, before.prot(), before.kind()));
      } else {
        done.add(next);
      }
    }
    return ImmutableList.copyOf(done);
  }

  private static int lastOfKind(List<ReservedRegion> regions, ReservedRegion.Kind kind) {
    int at = regions.size() - 1;
    while (at >= 0 && regions.get(at).kind() != kind) {
      at--;
    }
    return at;
  }

  /**
   * Each entry has as many cells as an address and a size on the bus of its device. Kernel: {@code
   * of_translate_dma_region()}; one that the buses do not carry leaves the length unset there.
   */
  private static void addFirmware(
      DtNode memory, Device device, DtNode node, ImmutableList.Builder<ReservedRegion> to) {
    if (!memory.has("iommu-addresses")) {
      return;
    }
    ImmutableIntArray cells = memory.cells("iommu-addresses");
    for (int i = 0; i < cells.length(); ) {
      DtNode target = memory.byPhandle(cells.get(i));
      DtNode bus = target == null ? null : target.parent();
      int addressCells = bus == null ? 0 : bus.addressCells();
      int sizeCells = bus == null ? 0 : bus.sizeCells();
      int next = i + 1 + addressCells + sizeCells;
      if (bus == null || next > cells.length()) {
        device.err("failed to parse memory region %s", memory.path());
        return;
      }
      if (node.equals(target)) {
        long sizeBytes = number(cells, i + 1 + addressCells, sizeCells);
        OptionalLong iova = OfDma.toCpu(node, number(cells, i + 1, addressCells));
        if (iova.isEmpty()) {
          device.err("failed to parse memory region %s", memory.path());
          return;
        }
        addFirmware(memory, device, iova.getAsLong(), sizeBytes, to);
      }
      i = next;
    }
  }

  private static void addFirmware(
      DtNode memory,
      Device device,
      long iova,
      long lengthBytes,
      ImmutableList.Builder<ReservedRegion> to) {
    if (lengthBytes == 0) {
      device.warn("Cannot reserve IOVA region of 0 size");
      return;
    }
    ReservedRegion.Kind kind = kind(memory, device, iova, lengthBytes);
    to.add(new ReservedRegion(iova, lengthBytes, prot(device.of()), kind));
  }

  private static int prot(@Nullable DtNode node) {
    int rights = IommuProt.READ | IommuProt.WRITE;
    return node != null && OfDma.isCoherent(node) ? rights | IommuProt.CACHE : rights;
  }

  /** Kernel: {@code iommu_resv_region_get_type()}. */
  private static ReservedRegion.Kind kind(
      DtNode memory, Device device, long iova, long lengthBytes) {
    if (memory.reg().isEmpty()) {
      return ReservedRegion.Kind.RESERVED;
    }
    DtRange range = memory.reg().getFirst();
    if (range.base() == iova && range.sizeBytes() == lengthBytes) {
      return ReservedRegion.Kind.DIRECT;
    }
    device.warn(
        "treating non-direct mapping [[mem 0x%08x-0x%08x]] -> [0x%016x-0x%016x] as reservation",
        range.base(), range.base() + range.sizeBytes() - 1, iova, iova + lengthBytes - 1);
    return ReservedRegion.Kind.RESERVED;
  }

  private static long number(ImmutableIntArray cells, int at, int count) {
    long value = 0;
    for (int i = at; i < at + count; i++) {
      value = value << 32 | Integer.toUnsignedLong(cells.get(i));
    }
    return value;
  }
}
