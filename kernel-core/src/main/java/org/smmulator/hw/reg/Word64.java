package org.smmulator.hw.reg;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of one 64-bit word that driver and hardware exchange in memory: a queue entry's, a
 * table entry's. Words of the same place but another meaning are different {@code Word64}s.
 */
public final class Word64 {
  private final String name;
  private final List<Field64> fields = new ArrayList<>();

  /**
   * Starts a word without fields.
   *
   * @param name the manual's name for the structure, and which word of it this is
   */
  public Word64(String name) {
    this.name = name;
  }

  /** Declares a field of bits {@code high} down to {@code low}, both included. */
  public Field64 bits(String field, int high, int low) {
    Field64 made = new Field64(name + "." + field, high, low);
    for (Field64 other : fields) {
      checkArgument((other.mask() & made.mask()) == 0, "%s overlaps %s", made, other);
    }
    fields.add(made);
    return made;
  }

  /** Declares a field of one bit. */
  public Field64 bit(String field, int bit) {
    return bits(field, bit, bit);
  }

  @Override
  public String toString() {
    return name;
  }
}
