package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the scheduler and of memory. */
public final class CoreSwitches {
  public static final Switch<ScheduleKind> SCHEDULE =
      Switch.oneOf("schedule", "Chooses which context runs next.", ScheduleKind.FIRST_COME)
          .told(
              "first-come",
              "smmulator",
              "Who became runnable first runs first, and nobody is preempted.")
          .told(
              "random",
              "smmulator",
              "At each scheduling point one of those who can run is drawn by the seed.")
          .told(
              "pct",
              "Burckhardt and others, 2010",
              "Priorities are drawn by the seed, and a few changes of them: bugs of few steps are"
                  + " found with a known probability.");

  public static final Switch<Long> SEED = Switch.number("seed", "Seeds every random choice.", 0);

  public static final Switch<CpuCaches> CPU_CACHE =
      Switch.oneOf(
              "cpu.cache", "Models the CPUs' caches for devices that do not snoop.", CpuCaches.NONE)
          .told("none", "smmulator", "A store of a CPU is in memory when it returns.")
          .told(
              "tracked",
              "smmulator",
              "For each page of a device that does not snoop, the machine knows whether CPU or"
                  + " device owns it, and tells of accesses by the other.")
          .told(
              "write-back",
              "smmulator",
              "Stores of a CPU stay in its cache until the DMA API cleans it, so that a forgotten"
                  + " sync shows.");

  public static final Switch<Long> SWAP_PAGES =
      Switch.number("mm.swap-pages", "Gives the machine so many pages of swap.", 0);

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(SCHEDULE, SEED, CPU_CACHE, SWAP_PAGES);

  private CoreSwitches() {}
}
