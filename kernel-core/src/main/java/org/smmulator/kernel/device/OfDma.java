package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The properties of the device tree that describe a device's DMA. Kernel: {@code
 * drivers/of/device.c}.
 */
public final class OfDma {
  private OfDma() {}

  /**
   * Tells the architecture what the device tree says of {@code device}'s DMA. Kernel: the end of
   * {@code of_dma_configure_id()}.
   *
   * @param mapping the domains that the device's group can be in; null as for {@link
   *     ArchDmaSetup#setupDmaOps}
   * @throws ErrnoException ENOMEM
   */
  public static void configure(Device device, ArchDmaSetup arch, @Nullable IommuMapping mapping)
      throws ErrnoException {
    DtNode node = device.of();
    ImmutableList<DmaRange> ranges = device.dma().ranges();
    long base = ranges.stream().mapToLong(DmaRange::dmaStart).min().orElse(0);
    long last = ranges.isEmpty() ? device.dma().coherentMask() : device.dma().busLimit();
    arch.setupDmaOps(device, base, last - base + 1, mapping, node != null && isCoherent(node));
  }

  /**
   * Notes where the buses above show memory, and narrows the masks to what they carry. Kernel:
   * {@code of_dma_configure_id()}.
   */
  static void limit(DmaSettings dma, DtNode node) {
    DtNode bus = busWithRanges(node);
    if (bus == null) {
      return; // no statement, or a statement that all addresses pass unchanged
    }
    ImmutableList<DmaRange> ranges = throughBusesAbove(bus, DmaRange.of(bus));
    if (ranges.isEmpty()) {
      return;
    }
    long last = 0;
    for (DmaRange range : ranges) {
      long end = range.dmaStart() + range.sizeBytes() - 1;
      last = Long.compareUnsigned(end, last) > 0 ? end : last;
    }
    long carried = -1L >>> Long.numberOfLeadingZeros(last);
    dma.setRanges(ranges);
    dma.setBusLimit(last);
    dma.setMask(dma.mask() & carried);
    dma.setCoherentMask(dma.coherentMask() & carried);
  }

  /** Returns whether the device snoops the CPUs' caches. Kernel: {@code of_dma_is_coherent()}. */
  public static boolean isCoherent(DtNode node) {
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

  /**
   * Returns whether the device can be plugged in by anybody: it or what it is behind is said to
   * face the outside. Kernel: {@code pci_set_bus_of_node()}, which reads {@code external-facing} of
   * PCI ports only; here of any node, because boards without PCI have untrusted devices too.
   */
  static boolean isExternal(DtNode node) {
    for (DtNode at = node; at != null; at = at.parent()) {
      if (at.has("external-facing")) {
        return true;
      }
    }
    return false;
  }

  /** Kernel: {@code of_dma_get_range()}, which passes over buses that change nothing. */
  private static @Nullable DtNode busWithRanges(DtNode node) {
    DtNode at = node.parent();
    while (at != null && !hasRanges(at)) {
      at = at.parent();
    }
    return at;
  }

  private static boolean hasRanges(DtNode bus) {
    return bus.has("dma-ranges") && !bus.cells("dma-ranges").isEmpty();
  }

  /**
   * Returns what the CPUs call an address that {@code node} would put on its bus, if the buses
   * above carry it there. Kernel: {@code of_translate_dma_address()}.
   *
   * @param address a DMA address
   */
  public static OptionalLong toCpu(DtNode node, long address) {
    long translated = address;
    for (DtNode bus = busWithRanges(node); bus != null; bus = busWithRanges(bus)) {
      DmaRange window = windowAround(translated, DmaRange.of(bus));
      if (window == null) {
        return OptionalLong.empty();
      }
      translated += window.cpuStart() - window.dmaStart();
    }
    return OptionalLong.of(translated);
  }

  private static @Nullable DmaRange windowAround(long address, ImmutableList<DmaRange> windows) {
    for (DmaRange window : windows) {
      if (Long.compareUnsigned(address - window.dmaStart(), window.sizeBytes()) < 0) {
        return window;
      }
    }
    return null;
  }

  /** Leaves out what a bus above does not carry. */
  private static ImmutableList<DmaRange> throughBusesAbove(
      DtNode bus, ImmutableList<DmaRange> below) {
    ImmutableList.Builder<DmaRange> through = ImmutableList.builder();
    for (DmaRange range : below) {
      toCpu(bus, range.cpuStart())
          .ifPresent(
              cpuStart -> through.add(new DmaRange(cpuStart, range.dmaStart(), range.sizeBytes())));
    }
    return through.build();
  }
}
