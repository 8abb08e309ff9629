package org.smmulator.hw.reg;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A 32-bit register, or an array of them. */
public final class Reg32 implements Reg {
  private final String name;
  private final int offset;
  private final int stride;
  private final int count;
  private final List<Field> fields = new ArrayList<>();

  Reg32(String name, int offset, int stride, int count) {
    this.name = name;
    this.offset = offset;
    this.stride = stride;
    this.count = count;
  }

  /** Declares a field of bits {@code high} down to {@code low}, both included. */
  public Field bits(String field, int high, int low) {
    Field made = new Field(this, field, high, low);
    for (Field other : fields) {
      checkArgument(
          (other.mask() & made.mask()) == 0, "%s.%s overlaps %s", name, field, other.name());
    }
    fields.add(made);
    return made;
  }

  /** Declares a field of one bit. */
  public Field bit(String field, int bit) {
    return bits(field, bit, bit);
  }

  /** The fields declared so far: all, once the class that declares them is initialised. */
  public List<Field> fields() {
    return Collections.unmodifiableList(fields);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int offset() {
    return offset;
  }

  /** The offset in bytes of register {@code index} of an array. */
  public int offset(int index) {
    return offset + checkElementIndex(index, count) * stride;
  }

  @Override
  public int stride() {
    return stride;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public String toString() {
    return name;
  }
}
