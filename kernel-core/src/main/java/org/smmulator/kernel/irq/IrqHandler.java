package org.smmulator.kernel.irq;

/** A hard interrupt handler. It runs to completion and must not block. */
@FunctionalInterface
public interface IrqHandler {
  IrqReturn handle();
}
