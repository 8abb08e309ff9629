package org.smmulator.kernel.mm;

/**
 * Which region of memory a page comes from. The regions lie apart, so that nothing a client can map
 * is ever next to a table or a ring.
 */
public enum PageZone {
  /** Memory that only the kernel and devices see: pagetables, rings, queues. */
  KERNEL,
  /** Memory that a client can map: buffers, and the memory of processes. */
  CLIENT
}
