package org.smmulator.kernel.irq;

/** The answer of a hard interrupt handler. Kernel: {@code irqreturn_t}. */
public enum IrqReturn {
  /** Not from this device. */
  NONE,
  /** Dealt with. */
  HANDLED,
  /** Dealt with as far as it can be here; the handler's thread does the rest. */
  WAKE_THREAD
}
