package org.smmulator.hw.smmuv2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which TLB tag stands now for each ASID of a context bank under each VMID, and for the entries
 * that hold under every ASID.
 *
 * <p>A VMID and an ASID together are a <i>space</i>, in one {@code long}. Chunks of 256 ASIDs are
 * made when one of them is first used: a driver uses one or a few. A VMID of more than 8 bits makes
 * room for all of them.
 */
public final class AsidTags {
  /** Stands for the entries that hold under every ASID. */
  static final int GLOBAL = 1 << 16;

  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK = 1 << CHUNK_SHIFT;
  private static final int VMID_SHIFT = 17;
  private static final int BANK_SHIFT = 33;
  private static final int ASID_MASK = (1 << VMID_SHIFT) - 1;
  private static final long SPACE_MASK = (1L << BANK_SHIFT) - 1;
  private static final int NARROW_VMIDS = 1 << 8;
  private static final int WIDE_VMIDS = 1 << (BANK_SHIFT - VMID_SHIFT);

  /** Tags, each given out once. */
  static final class Source {
    private long last;

    private long next() {
      return ++last;
    }
  }

  private final int bank;
  private final Source source;
  private long[] @Nullable [] @Nullable [] chunks = new long[NARROW_VMIDS][][];

  AsidTags(int bank, Source source) {
    this.bank = bank;
    this.source = source;
  }

  /** An ASID, or {@link #GLOBAL}, under a VMID of up to 16 bits. */
  public static long space(int vmid, int asid) {
    return (long) vmid << VMID_SHIFT | asid;
  }

  static int vmidOf(long space) {
    return (int) (space >>> VMID_SHIFT);
  }

  /** The space of what holds under every ASID of the same VMID. */
  static long globalOf(long space) {
    return (space & ~ASID_MASK) | GLOBAL;
  }

  int bank() {
    return bank;
  }

  /** The tag that entries of {@code space} carry now. */
  long of(long space) {
    long[] chunk = chunk(space);
    int at = (int) space & (CHUNK - 1);
    if (chunk[at] == 0) {
      chunk[at] = source.next();
    }
    return chunk[at];
  }

  /** Makes every entry of {@code space} unfindable. */
  void retire(long space) {
    chunk(space)[(int) space & (CHUNK - 1)] = source.next();
  }

  /** Makes every entry under {@code vmid} unfindable. */
  void retireVmid(int vmid) {
    long[] @Nullable [] ofVmid = vmid < chunks.length ? chunks[vmid] : null;
    if (ofVmid == null) {
      return;
    }
    for (long[] chunk : ofVmid) {
      if (chunk != null) {
        Arrays.fill(chunk, 0);
      }
    }
  }

  /** Makes every entry of the bank unfindable. */
  void retireAll() {
    for (int vmid = 0; vmid < chunks.length; vmid++) {
      retireVmid(vmid);
    }
  }

  /** Whether {@code tag} still marks entries of {@code owner}'s space that can be found. */
  boolean isCurrent(long owner, long tag) {
    long space = owner & SPACE_MASK;
    long[] @Nullable [] ofVmid = chunks[vmidOf(space)];
    long[] chunk = ofVmid == null ? null : ofVmid[chunkIndex(space)];
    return chunk != null && chunk[(int) space & (CHUNK - 1)] == tag;
  }

  /** This bank and {@code space} in one number. */
  long owner(long space) {
    return (long) bank << BANK_SHIFT | space;
  }

  static int bankOf(long owner) {
    return (int) (owner >>> BANK_SHIFT);
  }

  private static int chunkIndex(long space) {
    return ((int) space & ASID_MASK) >>> CHUNK_SHIFT;
  }

  private long[] chunk(long space) {
    int vmid = vmidOf(space);
    if (vmid >= chunks.length) {
      chunks = Arrays.copyOf(chunks, WIDE_VMIDS);
    }
    long[] @Nullable [] ofVmid = chunks[vmid];
    if (ofVmid == null) {
      ofVmid = new long[GLOBAL / CHUNK + 1][];
      chunks[vmid] = ofVmid;
    }
    int index = chunkIndex(space);
    long[] chunk = ofVmid[index];
    if (chunk == null) {
      chunk = new long[CHUNK];
      ofVmid[index] = chunk;
    }
    return chunk;
  }
}
