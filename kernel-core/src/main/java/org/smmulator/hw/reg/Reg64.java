package org.smmulator.hw.reg;

/** A 64-bit register at a word-aligned offset. */
public final class Reg64 implements Reg {
  private final String name;
  private final int offset;
  private final Word64 word;

  Reg64(String name, int offset) {
    this.name = name;
    this.offset = offset;
    this.word = new Word64(name);
  }

  /** Declares a field of bits {@code high} down to {@code low}, both included. */
  public Field64 bits(String field, int high, int low) {
    return word.bits(field, high, low);
  }

  /** Declares a field of one bit. */
  public Field64 bit(String field, int bit) {
    return word.bit(field, bit);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int stride() {
    return Long.BYTES;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public String toString() {
    return name;
  }
}
