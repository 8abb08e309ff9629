package org.smmulator.kernel.dma;

import com.google.common.primitives.ImmutableLongArray;
import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.trace.TraceEvent;

/**
 * The records of the {@code dma} tracepoints. Kernel: {@code include/trace/events/dma.h}.
 *
 * <p>The names are those of kernels since 6.18, which map physical addresses; what they call {@code
 * dma_map_phys} and {@code dma_unmap_phys}, of the event classes {@code dma_map} and {@code
 * dma_unmap}, was {@code dma_map_page} and {@code dma_unmap_page} before, with the same text.
 *
 * <p>Left out: the events of calls that are not here, {@code dma_alloc_pages()} and {@code
 * dma_alloc_noncontiguous()}.
 *
 * <p>The kernel has no address of its own for memory here, so {@code virt_addr} is the physical
 * one; every allocation may wait, so {@code flags} are always those.
 */
public sealed interface DmaEvents extends TraceEvent {
  /** An event of a list shows so many of its pieces. Kernel: {@code DMA_TRACE_MAX_ENTRIES}. */
  int MAX_ENTRIES = 128;

  @Override
  default String system() {
    return "dma";
  }

  /** Memory was mapped, or not: {@code dmaAddress} is then {@link DmaOps#MAPPING_ERROR}. */
  record MapPhys(
      String device, long pa, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_map_phys";
    }

    @Override
    public String print() {
      return format(
          "%s phys_addr=%x attrs=%s",
          single(device, direction, dmaAddress, sizeBytes), pa, DmaAttr.names(attrs));
    }
  }

  /** Memory was unmapped. */
  record UnmapPhys(
      String device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_unmap_phys";
    }

    @Override
    public String print() {
      return single(device, direction, dmaAddress, sizeBytes) + " attrs=" + DmaAttr.names(attrs);
    }
  }

  /** Coherent memory was allocated; both addresses are 0 if there was none. */
  record Alloc(String device, long pa, long dmaAddress, long sizeBytes, int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_alloc";
    }

    @Override
    public String print() {
      return shared(device, pa, dmaAddress, sizeBytes)
          + " flags=GFP_KERNEL attrs="
          + DmaAttr.names(attrs);
    }
  }

  /** Coherent memory is about to be given back. */
  record Free(String device, long pa, long dmaAddress, long sizeBytes) implements DmaEvents {
    @Override
    public String name() {
      return "dma_free";
    }

    @Override
    public String print() {
      return shared(device, pa, dmaAddress, sizeBytes) + " attrs=";
    }
  }

  /**
   * A list was mapped.
   *
   * @param count how many pieces it has
   * @param mappedCount how many of them the device sees
   * @param pas where the pieces are, the first {@link #MAX_ENTRIES} of them
   */
  record MapSg(
      String device,
      int count,
      int mappedCount,
      ImmutableLongArray pas,
      ImmutableLongArray dmaAddresses,
      ImmutableLongArray lengths,
      DmaDirection direction,
      int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_map_sg";
    }

    @Override
    public String print() {
      boolean truncated = count > MAX_ENTRIES || mappedCount > MAX_ENTRIES;
      return format(
          "%s dir=%s nents=%d/%d ents=%d/%d%s dma_addrs=%s sizes=%s phys_addrs=%s attrs=%s",
          device,
          direction,
          pas.length(),
          count,
          dmaAddresses.length(),
          mappedCount,
          truncated ? " [TRUNCATED]" : "",
          array(dmaAddresses),
          array(lengths),
          array(pas),
          DmaAttr.names(attrs));
    }
  }

  /**
   * A list could not be mapped, for a reason that callers are not told. The physical addresses are
   * printed under the name that the kernel has for them.
   */
  record MapSgErr(
      String device, ImmutableLongArray pas, Errno error, DmaDirection direction, int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_map_sg_err";
    }

    @Override
    public String print() {
      return format(
          "%s dir=%s dma_addrs=%s err=-%d attrs=%s",
          device, direction, array(pas), error.number(), DmaAttr.names(attrs));
    }
  }

  /** A list is about to be unmapped. */
  record UnmapSg(String device, ImmutableLongArray pas, DmaDirection direction, int attrs)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_unmap_sg";
    }

    @Override
    public String print() {
      return format(
          "%s dir=%s phys_addrs=%s attrs=%s", device, direction, array(pas), DmaAttr.names(attrs));
    }
  }

  /** Mapped memory was handed to the CPU. */
  record SyncSingleForCpu(String device, long dmaAddress, long sizeBytes, DmaDirection direction)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_sync_single_for_cpu";
    }

    @Override
    public String print() {
      return single(device, direction, dmaAddress, sizeBytes);
    }
  }

  /** Mapped memory was handed to the device. */
  record SyncSingleForDevice(String device, long dmaAddress, long sizeBytes, DmaDirection direction)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_sync_single_for_device";
    }

    @Override
    public String print() {
      return single(device, direction, dmaAddress, sizeBytes);
    }
  }

  /** A mapped list was handed to the CPU. */
  record SyncSgForCpu(
      String device,
      ImmutableLongArray dmaAddresses,
      ImmutableLongArray lengths,
      DmaDirection direction)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_sync_sg_for_cpu";
    }

    @Override
    public String print() {
      return pieces(device, direction, dmaAddresses, lengths);
    }
  }

  /** A mapped list was handed to the device. */
  record SyncSgForDevice(
      String device,
      ImmutableLongArray dmaAddresses,
      ImmutableLongArray lengths,
      DmaDirection direction)
      implements DmaEvents {
    @Override
    public String name() {
      return "dma_sync_sg_for_device";
    }

    @Override
    public String print() {
      return pieces(device, direction, dmaAddresses, lengths);
    }
  }

  private static String single(
      String device, DmaDirection direction, long dmaAddress, long sizeBytes) {
    return format("%s dir=%s dma_addr=%x size=%d", device, direction, dmaAddress, sizeBytes);
  }

  private static String shared(String device, long pa, long dmaAddress, long sizeBytes) {
    return format(
        "%s virt_addr=%016x",
        single(device, DmaDirection.BIDIRECTIONAL, dmaAddress, sizeBytes), pa);
  }

  private static String pieces(
      String device,
      DmaDirection direction,
      ImmutableLongArray dmaAddresses,
      ImmutableLongArray lengths) {
    return format(
        "%s dir=%s dma_addrs=%s sizes=%s", device, direction, array(dmaAddresses), array(lengths));
  }

  @FormatMethod
  private static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** Kernel: {@code __print_array()}. */
  private static String array(ImmutableLongArray values) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length(); i++) {
      text.append(i == 0 ? "0x" : ",0x").append(Long.toHexString(values.get(i)));
    }
    return text.append('}').toString();
  }
}
