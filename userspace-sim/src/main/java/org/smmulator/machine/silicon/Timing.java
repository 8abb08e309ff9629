package org.smmulator.machine.silicon;

import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.sysmmu.SysmmuConfig;

/**
 * What things cost in virtual nanoseconds. Round numbers of the right size for a phone of 2018;
 * only their order matters to the stories told with them.
 */
public final class Timing {
  /** An access to a device's register: it leaves the CPU cluster and waits for the answer. */
  public static final long MMIO_NS = 100;

  /** From a pin's rise to its handler. */
  public static final long INTERRUPT_NS = 2_000;

  /**
   * A TLB of 512 entries and a walk cache of 64; a descriptor comes from DRAM; an invalidation goes
   * to every place that caches, and is acknowledged after half a microsecond.
   */
  static final SmmuV2Config.Tlb SMMU = new SmmuV2Config.Tlb(512, 64, 2, 100, 150, 500);

  /** The same, and commands that are fetched from DRAM one after the other. */
  static final SmmuV3Config.Costs SMMU_V3 = new SmmuV3Config.Costs(512, 64, 2, 100, 150, 500);

  /** A TLB of 32 entries beside a master; an entry comes from DRAM. */
  static final SysmmuConfig.Tlb SYSMMU = new SysmmuConfig.Tlb(32, 2, 100, 150);

  /** An engine takes a moment to start, and then moves about 10 GB in a second. */
  static final EngineCosts ENGINES = new EngineCosts(500, 50);

  /** What a device with ATS keeps, if its node does not say. */
  static final int KEPT_TRANSLATIONS = 16;

  /** From an invalidation to its answer: what is on its way must have arrived. */
  static final long ATS_ANSWER_NS = 300;

  private Timing() {}
}
