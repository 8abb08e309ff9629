package org.smmulator.hw.reg;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Range;
import com.google.common.collect.TreeRangeMap;

/**
 * The registers of one block of hardware, as its manual lists them.
 *
 * <p>Offsets are in bytes from the start of the block. Made once, in a static initialiser; after
 * that it is only read.
 */
public final class RegisterMap {
  private final String block;

  // A builder's state in all but name: filled while the owning class initialises.
  private final TreeRangeMap<Integer, Reg> byOffset = TreeRangeMap.create();

  /**
   * Starts an empty map.
   *
   * @param block the manual's name for the block, for messages
   */
  public RegisterMap(String block) {
    this.block = block;
  }

  /** Declares a 32-bit register. */
  public Reg32 reg32(String name, int offset) {
    return array32(name, offset, 4, 1);
  }

  /** Declares {@code count} 32-bit registers, {@code stride} bytes apart. */
  public Reg32 array32(String name, int offset, int stride, int count) {
    Reg32 reg = new Reg32(name, offset, stride, count);
    place(reg, 4);
    return reg;
  }

  /** Declares a 64-bit register, which may be accessed as two halves, low half first. */
  public Reg64 reg64(String name, int offset) {
    Reg64 reg = new Reg64(name, offset);
    place(reg, 8);
    return reg;
  }

  private void place(Reg reg, int widthBytes) {
    checkArgument(reg.offset() % 4 == 0, "%s.%s is not word aligned", block, reg.name());
    for (int i = 0; i < reg.count(); i++) {
      int start = reg.offset() + i * reg.stride();
      Range<Integer> bytes = Range.closedOpen(start, start + widthBytes);
      checkArgument(
          byOffset.subRangeMap(bytes).asMapOfRanges().isEmpty(),
          "%s.%s overlaps another register at %s",
          block,
          reg.name(),
          start);
      byOffset.put(bytes, reg);
    }
  }
}
