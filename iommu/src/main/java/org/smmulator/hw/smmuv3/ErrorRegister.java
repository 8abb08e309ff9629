package org.smmulator.hw.smmuv3;

import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * GERROR: errors that belong to no stream. An error is active while its bit differs between GERROR,
 * which the hardware toggles, and GERRORN, which software toggles. Arm IHI 0070, 6.3.17.
 */
final class ErrorRegister {
  private final InterruptOutput interrupt;
  private int gerror;
  private int gerrorn;

  ErrorRegister(InterruptOutput interrupt) {
    this.interrupt = interrupt;
  }

  int gerror() {
    return gerror;
  }

  int gerrorn() {
    return gerrorn;
  }

  boolean isActive(int bit) {
    return ((gerror ^ gerrorn) & bit) != 0;
  }

  /** Makes an error active; one that is active already stays as it is. */
  void raise(int bit) {
    if (!isActive(bit)) {
      gerror ^= bit;
      // A lost message about GERROR cannot be told by a message about GERROR.
      if (!interrupt.pulse() && bit != SmmuV3Regs.GERROR_MSI_GERROR_ABT.mask()) {
        raise(SmmuV3Regs.GERROR_MSI_GERROR_ABT.mask());
      }
      settle();
    }
  }

  /** A store to GERRORN. */
  void acknowledge(int value) {
    gerrorn = value & SmmuV3Regs.GERROR_ERR_MASK;
    settle();
  }

  private void settle() {
    interrupt.level(gerror != gerrorn);
  }
}
