package org.smmulator.hw.smmuv2;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.smmulator.hw.bus.IrqPin;

/**
 * The context interrupts. In an SMMUv2 each bank has a line of its own; in an SMMUv1 CBAR.IRPTNDX
 * names the bank's line, and several may name the same: it is high while any of them is.
 */
final class InterruptLines {
  private final ImmutableList<IrqPin> lines;
  private final int[] asserting;
  private final ImmutableList<BankPin> pins;

  /** The interrupt output of a bank. */
  private final class BankPin implements IrqPin {
    private int line;
    private boolean high;

    BankPin(int line) {
      this.line = line;
    }

    @Override
    public void set(boolean asserted) {
      if (high != asserted) {
        high = asserted;
        count(line, asserted ? 1 : -1);
      }
    }

    void route(int newLine) {
      boolean was = high;
      set(false);
      line = newLine;
      set(was);
    }
  }

  /** Gives each of {@code banks} the line of its number, as far as there are so many. */
  InterruptLines(ImmutableList<IrqPin> lines, int banks) {
    this.lines = lines;
    this.asserting = new int[lines.size()];
    this.pins =
        IntStream.range(0, banks).mapToObj(BankPin::new).collect(ImmutableList.toImmutableList());
  }

  IrqPin of(int bank) {
    return pins.get(bank);
  }

  /** Connects a bank's interrupt to {@code line}; to nothing if there is no such line. */
  void route(int bank, int line) {
    pins.get(bank).route(line);
  }

  private void count(int line, int change) {
    if (line < asserting.length) {
      asserting[line] += change;
      lines.get(line).set(asserting[line] > 0);
    }
  }
}
