package org.smmulator.machine.config;

/** What is modelled of the CPUs' caches: the switch {@code cpu.cache}. */
public enum CpuCaches {
  /** Nothing: every CPU write is in memory at once. */
  NONE,
  /** Who owns each line, so that {@code dma.debug} tells of accesses without a sync. */
  TRACKED,
  /** Writes stay in the cache until a sync or a map, for devices that do not snoop. */
  WRITE_BACK
}
