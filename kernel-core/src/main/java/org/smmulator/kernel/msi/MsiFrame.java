package org.smmulator.kernel.msi;

import static org.smmulator.kernel.errno.Errno.ENOSPC;

import java.util.BitSet;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqController;

/** One frame's interrupts. Kernel: {@code struct v2m_data}. */
public final class MsiFrame {
  private final IrqController irqs;
  private final long doorbellPa;
  private final int firstSpi;
  private final int count;
  private final BitSet taken = new BitSet();

  MsiFrame(IrqController irqs, long doorbellPa, int firstSpi, int count) {
    this.irqs = irqs;
    this.doorbellPa = doorbellPa;
    this.firstSpi = firstSpi;
    this.count = count;
  }

  /**
   * Takes the lowest free interrupt. Kernel: {@code gicv2m_irq_domain_alloc()}.
   *
   * @throws ErrnoException ENOSPC if none is free
   */
  public MsiVector alloc() throws ErrnoException {
    int index = taken.nextClearBit(0);
    if (index >= count) {
      throw ENOSPC.because("all %d interrupts of the frame are taken", count);
    }
    taken.set(index);
    return new MsiVector(irqs.line(firstSpi + index), doorbellPa, firstSpi + index);
  }

  /** Gives one back. */
  public void free(MsiVector vector) {
    taken.clear(vector.data() - firstSpi);
  }
}
