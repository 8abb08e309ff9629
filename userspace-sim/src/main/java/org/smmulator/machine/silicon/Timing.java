package org.smmulator.machine.silicon;

import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.sysmmu.SysmmuConfig;

/**
 * Costs in virtual nanoseconds: round numbers of the right size for a phone of 2018. Scenarios
 * depend on their order only.
 */
public final class Timing {
  /** An access to a device's register leaves the CPU cluster and waits for the answer. */
  public static final long MMIO_NS = 100;

  /** From a pin's rise to its handler. */
  public static final long INTERRUPT_NS = 2_000;

  /**
   * A TLB of 512 entries and a walk cache of 64; a descriptor comes from DRAM; an invalidation goes
   * to every place that caches, and is acknowledged after half a microsecond.
   */
  static final SmmuV2Config.Costs SMMU = new SmmuV2Config.Costs(512, 64, 2, 100, 150, 500);

  /** As {@link #SMMU}, with commands that are fetched from DRAM one after the other. */
  static final SmmuV3Config.Costs SMMU_V3 = new SmmuV3Config.Costs(512, 64, 2, 100, 150, 500);

  /** A TLB of 32 entries beside a master; an entry comes from DRAM. */
  static final SysmmuConfig.Tlb SYSMMU = new SysmmuConfig.Tlb(32, 2, 100, 150);

  /** An engine takes a moment to start, and then moves about 10 GB in a second. */
  static final EngineCosts ENGINES = new EngineCosts(500, 50);

  /** The translations that a device with ATS keeps, unless its node says otherwise. */
  static final int KEPT_TRANSLATIONS = 16;

  /** From an ATC invalidation to its completion: accesses on their way must have arrived. */
  static final long ATS_ANSWER_NS = 300;

  private Timing() {}
}
