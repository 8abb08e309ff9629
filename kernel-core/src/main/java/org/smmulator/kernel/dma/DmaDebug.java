package org.smmulator.kernel.dma;

import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import com.google.errorprone.annotations.FormatMethod;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaDebugEntries.Entry;
import org.smmulator.kernel.dma.DmaDebugEntries.Kind;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.trace.Dmesg;

/**
 * Watches drivers use the DMA API, and says in the log what they do wrong.
 *
 * <p>Kernel: {@code kernel/dma/debug.c}, with {@code CONFIG_DMA_API_DEBUG_SG}. {@link DmaApi} tells
 * it of each call; the driver core tells it of drivers that were unbound ({@link #driverUnbound});
 * the cache model tells it of accesses without a sync ({@link CpuCache#observe}), which the kernel
 * cannot see.
 *
 * <p>A list that is unmapped twice is reported for each of its pieces, as the kernel does: the list
 * still names the addresses of its last mapping.
 *
 * <p>The kernel has words for a sync "outside allocated range" too; as it looks for a mapping that
 * covers the whole sync, it never comes to say them: such a sync is one of "memory it has not
 * allocated".
 *
 * <p>Left out: the checks for the stack, for vmalloc and for the kernel's text, which have no
 * address here; the driver filter; stack traces; the pool of entries.
 */
public final class DmaDebug implements CpuCache.Observer {
  /** So many messages are printed as there are mistakes. Kernel: {@code all_errors}. */
  public static final int ALL_ERRORS = Integer.MAX_VALUE;

  /** Messages are printed up to so many. Kernel: {@code num_errors}. */
  public static final int DEFAULT_ERRORS = 1;

  private static final int CACHE_LINE_SHIFT = 6;

  private final Dmesg dmesg;

  /** How often each cache line is mapped for a device to write. Looked up, never iterated. */
  private final Map<Long, Integer> activeLines = new HashMap<>();

  private int errorsToShow;
  private int errorCount;

  /**
   * Makes a watcher that knows of no mapping: it must be there from the beginning.
   *
   * @param errorsToShow how many messages to print; the rest is only counted
   */
  public DmaDebug(Dmesg dmesg, int errorsToShow) {
    this.dmesg = dmesg;
    this.errorsToShow = errorsToShow;
  }

  /** How many mistakes there were. Kernel: {@code dma-api/error_count} in debugfs. */
  public int errorCount() {
    return errorCount;
  }

  /** How many mappings {@code device} has. */
  public int mappings(Device device) {
    return entriesOf(device).count();
  }

  /** A driver let go of {@code device}. Kernel: {@code dma_debug_device_change()}. */
  public void driverUnbound(Device device) {
    DmaDebugEntries entries = entriesOf(device);
    Entry leaked = entries.last();
    if (leaked != null) {
      err(
          device,
          "device driver has pending DMA allocations while released from device [count=%d]\n"
              + "One of leaked entries details: [device address=0x%016x] [size=%d bytes]"
              + " [mapped with %s] [mapped as %s]",
          entries.count(),
          leaked.dmaAddress,
          leaked.sizeBytes,
          name(leaked.direction),
          leaked.kind.label);
    }
  }

  /** {@inheritDoc} The kernel has no such check, so the words are not its. */
  @Override
  public void unsynced(long pa, boolean write, String device) {
    errorCount++;
    if (showsOneMore()) {
      dmesg.warn(
          "DMA-API: the CPU %s memory that is mapped for %s and not synced for the CPU"
              + " [cpu address=0x%016x]",
          write ? "writes to" : "reads from", device, pa);
    }
  }

  // ---- what the DMA API was called for

  void mapped(
      Device device, long pa, long sizeBytes, DmaDirection direction, long dmaAddress, int attrs) {
    if (dmaAddress == DmaOps.MAPPING_ERROR) {
      return;
    }
    Entry entry = new Entry(Kind.PHYS, dmaAddress, sizeBytes, direction, pa);
    entry.errorUnchecked = true;
    add(device, entry, attrs);
  }

  /** Kernel: {@code debug_dma_mapping_error()}. */
  void errorChecked(Device device, long dmaAddress) {
    for (Entry entry : entriesOf(device).at(dmaAddress)) {
      if (entry.errorUnchecked) {
        entry.errorUnchecked = false;
        return;
      }
    }
  }

  void unmapped(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    checkUnmap(device, new Entry(Kind.PHYS, dmaAddress, sizeBytes, direction, 0));
  }

  void mappedSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    for (int i = 0; i < list.mappedCount(); i++) {
      checkSegment(device, list, i);
      add(device, piece(list, i, direction), attrs);
    }
  }

  /**
   * Kernel: {@code debug_dma_unmap_sg()}. To be told before the list is unmapped, or again after:
   * that nothing of it is mapped then shows.
   */
  void unmappedSg(Device device, ScatterList list, DmaDirection direction) {
    int pieces = piecesOf(device, list, direction);
    for (int i = 0; i < pieces; i++) {
      checkUnmap(device, piece(list, i, direction));
    }
  }

  /**
   * How many pieces of {@code list} to ask about: those that the device saw when its first piece
   * was mapped, or all if it is not. Kernel: {@code get_nr_mapped_entries()}.
   */
  private static int piecesOf(Device device, ScatterList list, DmaDirection direction) {
    if (list.count() == 0) {
      return 0;
    }
    Entry first = entriesOf(device).findExact(piece(list, 0, direction));
    int mapped = first == null ? 0 : first.sgMappedCount;
    return mapped == 0 ? list.count() : Math.min(mapped, list.count());
  }

  void allocated(Device device, CoherentBuffer buffer, int attrs) {
    add(device, coherent(buffer), attrs);
  }

  void freed(Device device, CoherentBuffer buffer) {
    checkUnmap(device, coherent(buffer));
  }

  void synced(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, boolean toCpu) {
    checkSync(device, new Entry(Kind.PHYS, dmaAddress, sizeBytes, direction, 0), toCpu);
  }

  void syncedSg(Device device, ScatterList list, DmaDirection direction, boolean toCpu) {
    int pieces = piecesOf(device, list, direction);
    for (int i = 0; i < pieces; i++) {
      checkSync(device, piece(list, i, direction), toCpu);
    }
  }

  // ---- the checks

  private void add(Device device, Entry entry, int attrs) {
    entriesOf(device).add(entry);
    if (entry.direction == TO_DEVICE) {
      return; // who only reads leaves nothing stale
    }
    int overlaps = activeLines.merge(entry.pa >>> CACHE_LINE_SHIFT, 1, Integer::sum);
    if (overlaps > 1 && (attrs & DmaAttr.SKIP_CPU_SYNC) == 0) {
      err(device, "cacheline tracking EEXIST, overlapping mappings aren't supported");
    }
  }

  private void remove(Device device, Entry entry) {
    entriesOf(device).remove(entry);
    if (entry.direction != TO_DEVICE) {
      var _ =
          activeLines.computeIfPresent(
              entry.pa >>> CACHE_LINE_SHIFT, (line, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Kernel: {@code check_sg_segment()}. */
  private void checkSegment(Device device, ScatterList list, int index) {
    long longest = device.dma().maxSegmentSize();
    if (list.length(index) > longest) {
      err(
          device,
          "mapping sg segment longer than device claims to support [len=%d] [max=%d]",
          list.length(index),
          longest);
    }
    long boundary = device.dma().segmentBoundary();
    long start = list.dmaAddress(index);
    long end = start + list.dmaLength(index) - 1;
    if (((start ^ end) & ~boundary) != 0) {
      err(
          device,
          "mapping sg segment across boundary [start=0x%016x] [end=0x%016x] [boundary=0x%016x]",
          start,
          end,
          boundary);
    }
  }

  /** Kernel: {@code check_unmap()}. */
  private void checkUnmap(Device device, Entry said) {
    Entry entry = entriesOf(device).findExact(said);
    if (entry == null) {
      notMapped(device, said);
      return;
    }
    if (said.sizeBytes != entry.sizeBytes) {
      err(
          device,
          "device driver frees DMA memory with different size"
              + " [device address=0x%016x] [map size=%d bytes] [unmap size=%d bytes]",
          said.dmaAddress,
          entry.sizeBytes,
          said.sizeBytes);
    }
    checkFunction(device, entry, said);
    if (said.kind == Kind.SG && said.sgCount != entry.sgCount) {
      err(
          device,
          "device driver frees DMA sg list with different entry count"
              + " [map count=%d] [unmap count=%d]",
          entry.sgCount,
          said.sgCount);
    }
    if (said.direction != entry.direction) {
      err(
          device,
          "device driver frees DMA memory with different direction [device address=0x%016x]"
              + " [size=%d bytes] [mapped with %s] [unmapped with %s]",
          said.dmaAddress,
          said.sizeBytes,
          name(entry.direction),
          name(said.direction));
    }
    if (entry.errorUnchecked) {
      err(
          device,
          "device driver failed to check map error[device address=0x%016x] [size=%d bytes]"
              + " [mapped as %s]",
          said.dmaAddress,
          said.sizeBytes,
          entry.kind.label);
    }
    remove(device, entry);
  }

  private void notMapped(Device device, Entry said) {
    if (said.dmaAddress == DmaOps.MAPPING_ERROR) {
      err(device, "device driver tries to free an invalid DMA memory address");
    } else {
      err(
          device,
          "device driver tries to free DMA memory it has not allocated"
              + " [device address=0x%016x] [size=%d bytes]",
          said.dmaAddress,
          said.sizeBytes);
    }
  }

  private void checkFunction(Device device, Entry entry, Entry said) {
    if (said.kind != entry.kind) {
      err(
          device,
          "device driver frees DMA memory with wrong function [device address=0x%016x]"
              + " [size=%d bytes] [mapped as %s] [unmapped as %s]",
          said.dmaAddress,
          said.sizeBytes,
          entry.kind.label,
          said.kind.label);
    } else if (entry.kind == Kind.COHERENT && said.pa != entry.pa) {
      err(
          device,
          "device driver frees DMA memory with different CPU address [device address=0x%016x]"
              + " [size=%d bytes] [cpu alloc address=0x%016x] [cpu free address=0x%016x]",
          said.dmaAddress,
          said.sizeBytes,
          entry.pa,
          said.pa);
    }
  }

  /** Kernel: {@code check_sync()}. */
  private void checkSync(Device device, Entry said, boolean toCpu) {
    Entry entry = entriesOf(device).findContaining(said);
    if (entry == null) {
      err(
          device,
          "device driver tries to sync DMA memory it has not allocated"
              + " [device address=0x%016x] [size=%d bytes]",
          said.dmaAddress,
          said.sizeBytes);
      return;
    }
    if (entry.direction == BIDIRECTIONAL) {
      return;
    }
    if (said.direction != entry.direction) {
      syncError(device, "DMA memory with different direction", entry, said);
    }
    if (toCpu && entry.direction != FROM_DEVICE && said.direction != TO_DEVICE) {
      syncError(device, "device read-only DMA memory for cpu", entry, said);
    }
    if (!toCpu && entry.direction != TO_DEVICE && said.direction != FROM_DEVICE) {
      syncError(device, "device write-only DMA memory to device", entry, said);
    }
    if (said.kind == Kind.SG && said.sgCount != entry.sgCount) {
      err(
          device,
          "device driver syncs DMA sg list with different entry count"
              + " [map count=%d] [sync count=%d]",
          entry.sgCount,
          said.sgCount);
    }
  }

  private void syncError(Device device, String what, Entry entry, Entry said) {
    err(
        device,
        "device driver syncs %s [device address=0x%016x] [size=%d bytes]"
            + " [mapped with %s] [synced with %s]",
        what,
        said.dmaAddress,
        entry.sizeBytes,
        name(entry.direction),
        name(said.direction));
  }

  /** Kernel: {@code err_printk()}. */
  @FormatMethod
  private void err(Device device, String format, @Nullable Object... args) {
    errorCount++;
    if (!showsOneMore()) {
      return;
    }
    String text = String.format(Locale.ROOT, format, args);
    String who = device.driverString() + " " + device.name();
    dmesg.print(Dmesg.Level.WARNING, "DMA-API: " + who + ": " + text);
  }

  private boolean showsOneMore() {
    if (errorsToShow == 0) {
      return false;
    }
    if (errorsToShow != ALL_ERRORS) {
      errorsToShow--;
    }
    return true;
  }

  private static Entry piece(ScatterList list, int index, DmaDirection direction) {
    return new Entry(
        Kind.SG,
        list.lastDmaAddress(index),
        list.lastDmaLength(index),
        direction,
        list.pa(index),
        list.count(),
        list.mappedCount());
  }

  private static Entry coherent(CoherentBuffer buffer) {
    return new Entry(
        Kind.COHERENT, buffer.dmaAddress(), buffer.sizeBytes(), BIDIRECTIONAL, buffer.pa());
  }

  private static String name(DmaDirection direction) {
    return "DMA_" + direction;
  }

  private static DmaDebugEntries entriesOf(Device device) {
    DmaDebugEntries entries = device.find(DmaDebugEntries.class);
    if (entries == null) {
      entries = new DmaDebugEntries();
      device.attach(DmaDebugEntries.class, entries);
    }
    return entries;
  }
}
