package org.smmulator.report.page;

import java.util.Arrays;

/** Numbers of which most are small, many are zero, and none is known to be the last. */
final class NumberColumn {
  private long[] values = new long[16];
  private int size;

  /** One more than the index of the last that was set. */
  int size() {
    return size;
  }

  /** The number at {@code index}; 0 if none was set there. */
  long get(int index) {
    return index < size ? values[index] : 0;
  }

  void set(int index, long value) {
    if (index >= values.length) {
      values = Arrays.copyOf(values, Math.max(index + 1, 2 * values.length));
    }
    values[index] = value;
    size = Math.max(size, index + 1);
  }

  void add(long value) {
    set(size, value);
  }

  /** How many bytes each needs: 1, 2, 4 or 8. */
  int width() {
    long used = 0;
    for (int i = 0; i < size; i++) {
      used |= values[i];
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(used);
    return bits <= Byte.SIZE
        ? Byte.BYTES
        : bits <= Short.SIZE ? Short.BYTES : bits <= Integer.SIZE ? Integer.BYTES : Long.BYTES;
  }
}
