package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/**
 * An address as a scenario writes it: {@code canvas+0x10}, or a plain number.
 *
 * @param base a buffer; null for a plain number
 * @param offset bytes from the start of {@code base}, or the iova itself
 */
public record Address(SourceLocation place, @Nullable NameRef base, long offset) {
  @Override
  public String toString() {
    String number = "0x" + Long.toHexString(offset);
    return base == null ? number : offset == 0 ? base.toString() : base + "+" + number;
  }
}
