package org.smmulator.hw.reg;

import static com.google.common.base.Preconditions.checkArgument;

/** Some bits of a 64-bit word: of a register, or of a structure in memory. */
public final class Field64 {
  private final String name;
  private final int shift;
  private final long mask;

  Field64(String name, int high, int low) {
    checkArgument(0 <= low && low <= high && high < 64, "%s: bits %s:%s", name, high, low);
    this.name = name;
    this.shift = low;
    this.mask = -1L >>> (63 - (high - low)) << low;
  }

  /** The bits of the word that belong to the field, in place. */
  public long mask() {
    return mask;
  }

  /** The field's value in {@code word}, shifted down. */
  public long get(long word) {
    return (word & mask) >>> shift;
  }

  /** As {@link #get}, of a field that has at most 32 bits. */
  public int getInt(long word) {
    return (int) get(word);
  }

  /** Returns whether any bit of the field is set in {@code word}. */
  public boolean isSet(long word) {
    return (word & mask) != 0;
  }

  /** A word with {@code value} in this field and zero elsewhere. */
  public long of(long value) {
    checkArgument(
        (value << shift & ~mask) == 0 && value << shift >>> shift == value,
        "%s does not fit %s",
        value,
        this);
    return value << shift;
  }

  /** {@code word} with this field replaced by {@code value}. */
  public long with(long word, long value) {
    return (word & ~mask) | of(value);
  }

  @Override
  public String toString() {
    return name;
  }
}
