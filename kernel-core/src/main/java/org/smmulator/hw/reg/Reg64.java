package org.smmulator.hw.reg;

/** A 64-bit register at a word-aligned offset. */
public final class Reg64 implements Reg {
  private final String name;
  private final int offset;

  Reg64(String name, int offset) {
    this.name = name;
    this.offset = offset;
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
