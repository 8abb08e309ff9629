package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Translator;

/**
 * A cache of what was fetched for each stream, or each stream and substream. Entries stay until
 * they are invalidated, and a lookup allocates nothing.
 */
// Open addressing; an entry is removed by making the table again without it, because software
// invalidates configuration far less often than a transaction asks for it.
final class ConfigurationCache<V> {
  private static final int SSID_BITS = 21;

  private long[] keys = new long[64];
  private @Nullable Object[] values = new Object[64];
  private int count;

  /** The key of a substream, or of none, of a stream. */
  static long key(int sid, int ssid) {
    return Integer.toUnsignedLong(sid) << SSID_BITS | (ssid + 1);
  }

  /** The key of a stream as a whole. */
  static long key(int sid) {
    return key(sid, Translator.NO_SUBSTREAM);
  }

  @SuppressWarnings("unchecked") // only put() stores values
  @Nullable V find(long key) {
    int mask = keys.length - 1;
    for (int slot = hash(key) & mask; values[slot] != null; slot = (slot + 1) & mask) {
      if (keys[slot] == key) {
        return (V) values[slot];
      }
    }
    return null;
  }

  /** Adds {@code value} under a key that is not there. */
  void put(long key, V value) {
    if (2 * count >= keys.length) {
      rebuild(2 * keys.length, 0, -1);
    }
    insert(key, value);
  }

  /**
   * Invalidates the streams that agree with {@code sid} in all bits but the lowest {@code bits}.
   */
  void invalidateStreams(int sid, int bits) {
    rebuild(keys.length, -1L << (SSID_BITS + bits), key(sid));
  }

  /** Invalidates one entry. */
  void invalidate(long key) {
    rebuild(keys.length, -1, key);
  }

  private void insert(long key, Object value) {
    int mask = keys.length - 1;
    int slot = hash(key) & mask;
    while (values[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
    count++;
  }

  /** Makes the table again, without the keys that agree with {@code gone} in {@code mask}. */
  private void rebuild(int capacity, long mask, long gone) {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[capacity];
    values = new Object[capacity];
    count = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      Object value = oldValues[i];
      boolean leaves = mask != 0 && ((oldKeys[i] ^ gone) & mask) == 0;
      if (value != null && !leaves) {
        insert(oldKeys[i], value);
      }
    }
  }

  private static int hash(long key) {
    return (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 40);
  }
}
