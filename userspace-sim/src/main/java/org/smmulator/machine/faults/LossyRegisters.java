package org.smmulator.machine.faults;

import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.smmulator.hw.bus.MmioTarget;

/** Registers that some stores never reach. */
final class LossyRegisters implements MmioTarget {
  private final MmioTarget behind;
  private final IntPredicate invalidates;
  private final BooleanSupplier loses;

  /**
   * Puts itself before the registers of an IOMMU.
   *
   * @param invalidates whether a store at this offset asks for an invalidation
   * @param loses asked at each such store whether it is lost
   */
  LossyRegisters(MmioTarget behind, IntPredicate invalidates, BooleanSupplier loses) {
    this.behind = behind;
    this.invalidates = invalidates;
    this.loses = loses;
  }

  @Override
  public int read32(int offset) {
    return behind.read32(offset);
  }

  @Override
  public void write32(int offset, int value) {
    if (arrives(offset)) {
      behind.write32(offset, value);
    }
  }

  @Override
  public long read64(int offset) {
    return behind.read64(offset);
  }

  @Override
  public void write64(int offset, long value) {
    if (arrives(offset)) {
      behind.write64(offset, value);
    }
  }

  private boolean arrives(int offset) {
    return !invalidates.test(offset) || !loses.getAsBoolean();
  }
}
