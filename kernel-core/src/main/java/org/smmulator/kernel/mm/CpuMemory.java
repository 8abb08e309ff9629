package org.smmulator.kernel.mm;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * Memory as software sees it: through the CPUs' caches if those are modelled, else DRAM itself.
 *
 * <p>For memory that is also mapped for streaming DMA. What is not cached (coherent allocations,
 * pagetables) is reached in {@link Dram}, as devices reach everything.
 */
public final class CpuMemory {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Dram dram;
  private final @Nullable CpuCache cache;

  CpuMemory(Dram dram, @Nullable CpuCache cache) {
    this.dram = dram;
    this.cache = cache;
  }

  /** The cache that accesses go through; null if it is not modelled. */
  public @Nullable CpuCache cache() {
    return cache;
  }

  /** Loads 1, 2, 4 or 8 bytes of one page, little-endian, zero-extended. */
  public long load(long pa, int sizeBytes) {
    MemorySegment page = cache == null ? null : cache.access(pa, sizeBytes, false);
    if (page != null) {
      return load(page, pa & (PAGE_SIZE - 1), sizeBytes);
    }
    return switch (sizeBytes) {
      case 1 -> dram.getByte(pa) & 0xffL;
      case 2 -> dram.getShort(pa) & 0xffffL;
      case 4 -> dram.getInt(pa) & 0xffff_ffffL;
      default -> dram.getLong(pa);
    };
  }

  private static long load(MemorySegment page, long offset, int sizeBytes) {
    return switch (sizeBytes) {
      case 1 -> page.get(ValueLayout.JAVA_BYTE, offset) & 0xffL;
      case 2 -> page.get(SHORT, offset) & 0xffffL;
      case 4 -> page.get(INT, offset) & 0xffff_ffffL;
      default -> page.get(LONG, offset);
    };
  }

  /** Stores 1, 2, 4 or 8 bytes of one page, little-endian. */
  public void store(long pa, int sizeBytes, long value) {
    MemorySegment page = cache == null ? null : cache.access(pa, sizeBytes, true);
    if (page != null) {
      store(page, pa & (PAGE_SIZE - 1), sizeBytes, value);
      return;
    }
    switch (sizeBytes) {
      case 1 -> dram.putByte(pa, (byte) value);
      case 2 -> dram.putShort(pa, (short) value);
      case 4 -> dram.putInt(pa, (int) value);
      default -> dram.putLong(pa, value);
    }
  }

  private static void store(MemorySegment page, long offset, int sizeBytes, long value) {
    switch (sizeBytes) {
      case 1 -> page.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
      case 2 -> page.set(SHORT, offset, (short) value);
      case 4 -> page.set(INT, offset, (int) value);
      default -> page.set(LONG, offset, value);
    }
  }

  /** Copies out of memory. */
  public void copyOut(long pa, MemorySegment to, long toOffset, long sizeBytes) {
    for (long done = 0; done < sizeBytes; ) {
      long chunk = chunk(pa + done, sizeBytes - done);
      MemorySegment page = cache == null ? null : cache.access(pa + done, chunk, false);
      if (page == null) {
        dram.copyOut(pa + done, to, toOffset + done, chunk);
      } else {
        long offset = (pa + done) & (PAGE_SIZE - 1);
        MemorySegment.copy(page, offset, to, toOffset + done, chunk);
      }
      done += chunk;
    }
  }

  /** Copies into memory. */
  public void copyIn(long pa, MemorySegment from, long fromOffset, long sizeBytes) {
    for (long done = 0; done < sizeBytes; ) {
      long chunk = chunk(pa + done, sizeBytes - done);
      MemorySegment page = cache == null ? null : cache.access(pa + done, chunk, true);
      if (page == null) {
        dram.copyIn(pa + done, from, fromOffset + done, chunk);
      } else {
        long offset = (pa + done) & (PAGE_SIZE - 1);
        MemorySegment.copy(from, fromOffset + done, page, offset, chunk);
      }
      done += chunk;
    }
  }

  /** Copies from one place in memory to another. */
  public void copy(long fromPa, long toPa, long sizeBytes) {
    for (long done = 0; done < sizeBytes; ) {
      long from = fromPa + done;
      long chunk = chunk(from, sizeBytes - done);
      MemorySegment page = cache == null ? null : cache.access(from, chunk, false);
      if (page == null) {
        copyIn(toPa + done, dram.slice(from, chunk), 0, chunk);
      } else {
        copyIn(toPa + done, page, from & (PAGE_SIZE - 1), chunk);
      }
      done += chunk;
    }
  }

  /** Up to the end of the page, if pages matter. */
  private long chunk(long pa, long sizeBytes) {
    return cache == null ? sizeBytes : Math.min(sizeBytes, PAGE_SIZE - (pa & (PAGE_SIZE - 1)));
  }
}
