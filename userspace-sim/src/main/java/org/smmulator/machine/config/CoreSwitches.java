package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the scheduler and of memory. */
public final class CoreSwitches {
  public static final Switch<ScheduleKind> SCHEDULE =
      Switch.oneOf("schedule", "Chooses which context runs next.", ScheduleKind.FIRST_COME);

  public static final Switch<Long> SEED = Switch.number("seed", "Seeds every random choice.", 0);

  public static final Switch<CpuCaches> CPU_CACHE =
      Switch.oneOf(
          "cpu.cache", "Models the CPUs' caches for devices that do not snoop.", CpuCaches.NONE);

  public static final Switch<Long> SWAP_PAGES =
      Switch.number("mm.swap-pages", "Gives the machine so many pages of swap.", 0);

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(SCHEDULE, SEED, CPU_CACHE, SWAP_PAGES);

  private CoreSwitches() {}
}
