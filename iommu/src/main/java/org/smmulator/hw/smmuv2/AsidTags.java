package org.smmulator.hw.smmuv2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which TLB tag stands now for each ASID of a context bank under each VMID, and for the entries
 * that hold under every ASID.
 *
 * <p>A VMID and an ASID together are a <i>space</i>, in one {@code int}. Chunks of 256 ASIDs are
 * made when one of them is first used: a driver uses one or a few.
 */
final class AsidTags {
  /** Stands for the entries that hold under every ASID. */
  static final int GLOBAL = 1 << 16;

  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK = 1 << CHUNK_SHIFT;
  private static final int VMID_SHIFT = 17;
  private static final int BANK_SHIFT = 25;
  private static final int ASID_MASK = (1 << VMID_SHIFT) - 1;
  private static final int VMIDS = 1 << (BANK_SHIFT - VMID_SHIFT);

  /** Tags, each given out once. */
  static final class Source {
    private long last;

    private long next() {
      return ++last;
    }
  }

  private final int bank;
  private final Source source;
  private final long[] @Nullable [] @Nullable [] chunks = new long[VMIDS][][];

  AsidTags(int bank, Source source) {
    this.bank = bank;
    this.source = source;
  }

  /** An ASID, or {@link #GLOBAL}, under an 8-bit VMID. */
  static int space(int vmid, int asid) {
    return vmid << VMID_SHIFT | asid;
  }

  static int vmidOf(int space) {
    return space >>> VMID_SHIFT;
  }

  /** The space of what holds under every ASID of the same VMID. */
  static int globalOf(int space) {
    return (space & ~ASID_MASK) | GLOBAL;
  }

  int bank() {
    return bank;
  }

  /** The tag that entries of {@code space} carry now. */
  long of(int space) {
    long[] chunk = chunk(space);
    int at = space & (CHUNK - 1);
    if (chunk[at] == 0) {
      chunk[at] = source.next();
    }
    return chunk[at];
  }

  /** Makes every entry of {@code space} unfindable. */
  void retire(int space) {
    chunk(space)[space & (CHUNK - 1)] = source.next();
  }

  /** Makes every entry under {@code vmid} unfindable. */
  void retireVmid(int vmid) {
    long[] @Nullable [] ofVmid = chunks[vmid];
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
    for (int vmid = 0; vmid < VMIDS; vmid++) {
      retireVmid(vmid);
    }
  }

  /** Whether {@code tag} still marks entries of {@code owner}'s space that can be found. */
  boolean isCurrent(int owner, long tag) {
    int space = owner & (1 << BANK_SHIFT) - 1;
    long[] @Nullable [] ofVmid = chunks[vmidOf(space)];
    long[] chunk = ofVmid == null ? null : ofVmid[(space & ASID_MASK) >>> CHUNK_SHIFT];
    return chunk != null && chunk[space & (CHUNK - 1)] == tag;
  }

  /** This bank and {@code space} in one number. */
  int owner(int space) {
    return bank << BANK_SHIFT | space;
  }

  static int bankOf(int owner) {
    return owner >>> BANK_SHIFT;
  }

  private long[] chunk(int space) {
    long[] @Nullable [] ofVmid = chunks[vmidOf(space)];
    if (ofVmid == null) {
      ofVmid = new long[GLOBAL / CHUNK + 1][];
      chunks[vmidOf(space)] = ofVmid;
    }
    int index = (space & ASID_MASK) >>> CHUNK_SHIFT;
    long[] chunk = ofVmid[index];
    if (chunk == null) {
      chunk = new long[CHUNK];
      ofVmid[index] = chunk;
    }
    return chunk;
  }
}
