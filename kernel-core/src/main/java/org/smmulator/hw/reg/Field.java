package org.smmulator.hw.reg;

import static com.google.common.base.Preconditions.checkArgument;

/** Some bits of a 32-bit register. */
public final class Field {
  private final Reg32 register;
  private final String name;
  private final int shift;
  private final int mask;

  Field(Reg32 register, String name, int high, int low) {
    checkArgument(
        0 <= low && low <= high && high < 32, "%s.%s: bits %s:%s", register, name, high, low);
    this.register = register;
    this.name = name;
    this.shift = low;
    this.mask = (int) (((1L << (high - low + 1)) - 1) << low);
  }

  public String name() {
    return name;
  }

  /** The bits of the register that belong to the field, in place. */
  public int mask() {
    return mask;
  }

  /** The field's value in {@code register}, shifted down. */
  public int get(int registerValue) {
    return (registerValue & mask) >>> shift;
  }

  /** Returns whether any bit of the field is set in {@code registerValue}. */
  public boolean isSet(int registerValue) {
    return (registerValue & mask) != 0;
  }

  /** A register value with {@code value} in this field and zero elsewhere. */
  public int of(int value) {
    checkArgument(
        ((value << shift) & ~mask) == 0 && (value << shift) >>> shift == value,
        "%s does not fit %s.%s",
        value,
        register,
        name);
    return value << shift;
  }

  /** {@code registerValue} with this field replaced by {@code value}. */
  public int with(int registerValue, int value) {
    return (registerValue & ~mask) | of(value);
  }

  @Override
  public String toString() {
    return register + "." + name;
  }
}
