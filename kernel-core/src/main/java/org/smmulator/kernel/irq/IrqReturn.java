package org.smmulator.kernel.irq;

/** What a hard interrupt handler answers. Kernel: {@code irqreturn_t}. */
public enum IrqReturn {
  /** Not from this device. */
  NONE,
  /** Dealt with. */
  HANDLED,
  /** Dealt with as far as it can be here; the handler's thread does the rest. */
  WAKE_THREAD
}
