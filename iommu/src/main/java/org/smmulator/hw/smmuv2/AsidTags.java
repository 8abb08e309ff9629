package org.smmulator.hw.smmuv2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which TLB tag stands for each ASID of a context bank now, and for its global entries.
 *
 * <p>Chunks of 256 ASIDs are made when one of them is first used: a driver uses one or a few.
 */
final class AsidTags {
  /** Stands for the entries that hold under every ASID. */
  static final int GLOBAL = 1 << 16;

  private static final int CHUNK = 256;

  /** Tags, each given out once. */
  static final class Source {
    private long last;

    private long next() {
      return ++last;
    }
  }

  private final int bank;
  private final Source source;
  private final long[] @Nullable [] chunks = new long[GLOBAL / CHUNK + 1][];

  AsidTags(int bank, Source source) {
    this.bank = bank;
    this.source = source;
  }

  /** The tag that entries of {@code asid} carry now. */
  long of(int asid) {
    long[] chunk = chunk(asid);
    if (chunk[asid % CHUNK] == 0) {
      chunk[asid % CHUNK] = source.next();
    }
    return chunk[asid % CHUNK];
  }

  /** Makes every entry of {@code asid} unfindable. */
  void retire(int asid) {
    chunk(asid)[asid % CHUNK] = source.next();
  }

  /** Makes every entry of the bank unfindable. */
  void retireAll() {
    for (long[] chunk : chunks) {
      if (chunk != null) {
        Arrays.fill(chunk, 0);
      }
    }
  }

  /** Whether {@code tag} still marks entries of {@code asid} that can be found. */
  boolean isCurrent(int asid, long tag) {
    long[] chunk = chunks[asid / CHUNK];
    return chunk != null && chunk[asid % CHUNK] == tag;
  }

  /** This bank and {@code asid} in one number. */
  int owner(int asid) {
    return bank << 17 | asid;
  }

  static int bankOf(int owner) {
    return owner >>> 17;
  }

  static int asidOf(int owner) {
    return owner & (GLOBAL | GLOBAL - 1);
  }

  private long[] chunk(int asid) {
    long[] chunk = chunks[asid / CHUNK];
    if (chunk == null) {
      chunk = new long[CHUNK];
      chunks[asid / CHUNK] = chunk;
    }
    return chunk;
  }
}
