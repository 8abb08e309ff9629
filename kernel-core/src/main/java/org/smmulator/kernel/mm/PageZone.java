package org.smmulator.kernel.mm;

/**
 * Which region of memory a page comes from. The regions lie apart, so that nothing a client can map
 * is ever next to a table or a ring.
 */
public enum PageZone {
  /** What only the kernel and devices see: pagetables, rings, queues. */
  KERNEL,
  /** What a client can map: buffers, and the memory of processes. */
  CLIENT
}
