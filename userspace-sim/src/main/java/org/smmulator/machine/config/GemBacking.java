package org.smmulator.machine.config;

/** Where a buffer's pages come from: the switch {@code gem.backing}. */
public enum GemBacking {
  /** Page by page, as shmem gives them. */
  SCATTERED,
  /** One run of physical memory for each buffer. */
  CONTIGUOUS
}
