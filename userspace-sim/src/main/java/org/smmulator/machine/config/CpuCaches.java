package org.smmulator.machine.config;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.mm.CpuCache;

/** The models of the CPUs' caches that the switch {@code cpu.cache} chooses between. */
public enum CpuCaches {
  /** Every CPU write is in memory at once. */
  NONE {
    @Override
    public @Nullable CpuCache over(Dram dram) {
      return null;
    }
  },
  /** The owner of each line is known, so that {@code dma.debug} reports accesses without a sync. */
  TRACKED {
    @Override
    public CpuCache over(Dram dram) {
      return new CpuCache(dram, false);
    }
  },
  /** For devices that do not snoop, CPU writes stay in the cache until a sync or a map. */
  WRITE_BACK {
    @Override
    public CpuCache over(Dram dram) {
      return new CpuCache(dram, true);
    }
  };

  /** Makes the model of the caches over {@code dram}; null if none is chosen. */
  public abstract @Nullable CpuCache over(Dram dram);
}
