package org.smmulator.hw.ats;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.smmulator.hw.bus.Translator;

/**
 * A device's cache of its IOMMU's answers (an ATC): a few entries, each under the PASID and the
 * privilege of its request. The oldest is evicted first.
 */
// So few that all are looked at; the one that served last is looked at first.
final class TranslationCache {
  /** No answer is kept. No entry is that, because it grants something. */
  static final long MISS = AtsCompletion.NOTHING;

  private static final int FREE = Integer.MIN_VALUE;

  private final int[] owner;
  private final long[] first;
  private final long[] size;
  private final long[] completion;
  private int latest;
  private int oldest;

  TranslationCache(int entries) {
    checkArgument(entries > 0, "%s entries", entries);
    owner = new int[entries];
    first = new long[entries];
    size = new long[entries];
    completion = new long[entries];
    invalidateAll();
  }

  /** The entry for an address, or {@link #MISS}. */
  long find(int substreamId, boolean privileged, long iova) {
    int wanted = owner(substreamId, privileged);
    if (holds(latest, wanted, iova)) {
      return completion[latest];
    }
    for (int i = 0; i < owner.length; i++) {
      if (holds(i, wanted, iova)) {
        latest = i;
        return completion[i];
      }
    }
    return MISS;
  }

  /** Keeps an answer that grants something, in place of what was known of its addresses. */
  void put(int substreamId, boolean privileged, long iova, long answer) {
    int mine = owner(substreamId, privileged);
    long bytes = 1L << AtsCompletion.shift(answer);
    long start = iova & -bytes;
    for (int i = 0; i < owner.length; i++) {
      if (owner[i] == mine && overlaps(i, start, bytes)) {
        owner[i] = FREE;
      }
    }
    int place = place();
    owner[place] = mine;
    first[place] = start;
    size[place] = bytes;
    completion[place] = answer;
    latest = place;
  }

  /** Invalidates the entry for one address. */
  void invalidate(int substreamId, boolean privileged, long iova) {
    int mine = owner(substreamId, privileged);
    for (int i = 0; i < owner.length; i++) {
      if (holds(i, mine, iova)) {
        owner[i] = FREE;
      }
    }
  }

  /**
   * Invalidates a range.
   *
   * @param substreamId of one PASID, or with NO_SUBSTREAM of all entries
   * @param everyPasid whether of all PASIDs
   * @param bytes the length of the range, a power of two; 0: everything
   */
  void invalidate(int substreamId, boolean everyPasid, long start, long bytes) {
    for (int i = 0; i < owner.length; i++) {
      if (isMeant(owner[i], substreamId, everyPasid)
          && (bytes == 0 || overlaps(i, start & -bytes, bytes))) {
        owner[i] = FREE;
      }
    }
  }

  void invalidateAll() {
    Arrays.fill(owner, FREE);
  }

  private static boolean isMeant(int owner, int substreamId, boolean everyPasid) {
    if (owner == FREE) {
      return false;
    }
    int substream = owner >> 1;
    return substreamId == Translator.NO_SUBSTREAM
        || substream == substreamId
        || (everyPasid && substream != Translator.NO_SUBSTREAM);
  }

  private static int owner(int substreamId, boolean privileged) {
    return substreamId << 1 | (privileged ? 1 : 0);
  }

  private boolean holds(int place, int wanted, long iova) {
    return owner[place] == wanted && iova - first[place] >= 0 && iova - first[place] < size[place];
  }

  /** Both are aligned to their sizes, so one is inside the other or they are apart. */
  private boolean overlaps(int place, long start, long bytes) {
    long larger = Math.max(bytes, size[place]);
    return ((start ^ first[place]) & -larger) == 0;
  }

  private int place() {
    for (int i = 0; i < owner.length; i++) {
      if (owner[i] == FREE) {
        return i;
      }
    }
    int place = oldest;
    oldest = (oldest + 1) % owner.length;
    return place;
  }
}
