package org.smmulator.iommu.smmuv3.table;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * Eight 64-bit words: a stream table entry, a context descriptor, or a mask of the bits of one.
 * Kernel: {@code struct arm_smmu_ste}, {@code struct arm_smmu_cd}.
 */
public final class ArmSmmuV3Entry {
  static final int WORDS = 8;
  static final int BYTES = WORDS * Long.BYTES;

  private final long[] words = new long[WORDS];

  /** An entry of the first words; the others are zero. */
  static ArmSmmuV3Entry of(long... words) {
    checkArgument(words.length <= WORDS, "%s words", words.length);
    ArmSmmuV3Entry made = new ArmSmmuV3Entry();
    System.arraycopy(words, 0, made.words, 0, words.length);
    return made;
  }

  /** A mask of all bits. */
  static ArmSmmuV3Entry ones() {
    ArmSmmuV3Entry made = new ArmSmmuV3Entry();
    Arrays.fill(made.words, -1);
    return made;
  }

  /** Reads an entry from memory. */
  public static ArmSmmuV3Entry load(Dram dram, long pa) {
    ArmSmmuV3Entry made = new ArmSmmuV3Entry();
    for (int i = 0; i < WORDS; i++) {
      made.words[i] = dram.getLong(wordPa(pa, i));
    }
    return made;
  }

  /** The address of word {@code index} of the entry at {@code pa}. */
  static long wordPa(long pa, int index) {
    return pa + (long) index * Long.BYTES;
  }

  public long word(int index) {
    return words[index];
  }

  void set(int index, long value) {
    words[index] = value;
  }

  /** Sets bits, and returns this. */
  ArmSmmuV3Entry or(int index, long bits) {
    words[index] |= bits;
    return this;
  }

  /** Clears bits, and returns this. */
  ArmSmmuV3Entry clear(int index, long bits) {
    words[index] &= ~bits;
    return this;
  }

  /** Returns whether the two differ in the bits of {@code mask}. */
  boolean differs(ArmSmmuV3Entry other, ArmSmmuV3Entry mask) {
    for (int i = 0; i < WORDS; i++) {
      if (((words[i] ^ other.words[i]) & mask.words[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArmSmmuV3Entry entry && Arrays.equals(words, entry.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long word : words) {
      text.append("%016x ".formatted(word));
    }
    return text.toString().stripTrailing();
  }
}
