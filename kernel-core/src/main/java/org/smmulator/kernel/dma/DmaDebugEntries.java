package org.smmulator.kernel.dma;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The mappings that one device has at the moment, by DMA address. Kernel: {@code dma_entry_hash}.
 *
 * <p>The same address may be mapped several times; the best fit is then found, as in the kernel: a
 * perfect one, or the only one.
 */
final class DmaDebugEntries {
  /**
   * By what function a mapping was made. Kernel: {@code type2name}, as it is since 6.18: pages and
   * registers are both physical addresses, and the old "scather" is gone.
   */
  enum Kind {
    PHYS("phy"),
    SG("scatter-gather"),
    COHERENT("coherent");

    final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  /** One mapping, or what a caller says of one. Kernel: {@code struct dma_debug_entry}. */
  static final class Entry {
    final Kind kind;
    final long dmaAddress;
    final long sizeBytes;
    final DmaDirection direction;
    final long pa;

    /** How many pieces the list had that this is of; 0 if it is of none. */
    final int sgCount;

    /** How many of them the device sees; 0 if it is of no list, and in what a caller says. */
    final int sgMappedCount;

    boolean errorUnchecked;

    Entry(Kind kind, long dmaAddress, long sizeBytes, DmaDirection direction, long pa) {
      this(kind, dmaAddress, sizeBytes, direction, pa, 0, 0);
    }

    Entry(
        Kind kind,
        long dmaAddress,
        long sizeBytes,
        DmaDirection direction,
        long pa,
        int sgCount,
        int sgMappedCount) {
      this.kind = kind;
      this.dmaAddress = dmaAddress;
      this.sizeBytes = sizeBytes;
      this.direction = direction;
      this.pa = pa;
      this.sgCount = sgCount;
      this.sgMappedCount = sgMappedCount;
    }

    private boolean contains(Entry other) {
      long offset = other.dmaAddress - dmaAddress;
      return offset >= 0 && offset <= sizeBytes - other.sizeBytes;
    }

    private boolean fits(Entry other) {
      return sizeBytes == other.sizeBytes
          && kind == other.kind
          && direction == other.direction
          && sgCount == other.sgCount;
    }
  }

  private final TreeMap<Long, List<Entry>> byAddress = new TreeMap<>(Long::compareUnsigned);

  void add(Entry entry) {
    byAddress.computeIfAbsent(entry.dmaAddress, address -> new ArrayList<>()).add(entry);
  }

  void remove(Entry entry) {
    List<Entry> same = at(entry.dmaAddress);
    same.remove(entry);
    if (same.isEmpty()) {
      byAddress.remove(entry.dmaAddress);
    }
  }

  /** All that begin at {@code dmaAddress}, oldest first. */
  List<Entry> at(long dmaAddress) {
    return byAddress.getOrDefault(dmaAddress, ImmutableList.of());
  }

  /** The mapping that begins where {@code said} does. Kernel: {@code bucket_find_exact()}. */
  @Nullable Entry findExact(Entry said) {
    return best(at(said.dmaAddress), said);
  }

  /** The mapping that covers all of {@code said}. Kernel: {@code bucket_find_contain()}. */
  @Nullable Entry findContaining(Entry said) {
    NavigableMap<Long, List<Entry>> below = byAddress.headMap(said.dmaAddress, true);
    for (List<Entry> same : below.descendingMap().values()) {
      Entry found = best(same.stream().filter(entry -> entry.contains(said)).toList(), said);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Entry best(List<Entry> candidates, Entry said) {
    for (Entry entry : candidates) {
      if (entry.fits(said)) {
        return entry;
      }
    }
    return candidates.size() == 1 ? candidates.getFirst() : null;
  }

  int count() {
    return byAddress.values().stream().mapToInt(List::size).sum();
  }

  /** The mapping at the highest address; null if there is none. */
  @Nullable Entry last() {
    return byAddress.isEmpty() ? null : byAddress.lastEntry().getValue().getLast();
  }
}
