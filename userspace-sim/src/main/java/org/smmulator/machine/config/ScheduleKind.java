package org.smmulator.machine.config;

import org.smmulator.kernel.task.Schedule;

/** The schedules that the switch {@code schedule} chooses between. */
public enum ScheduleKind {
  /** The context that became runnable first runs first. */
  FIRST_COME {
    @Override
    public Schedule make(long seed) {
      return Schedule.firstCome();
    }
  },
  /** A random context runs, and gives way at one point in four. */
  RANDOM {
    @Override
    public Schedule make(long seed) {
      return Schedule.random(seed);
    }
  },
  /**
   * The context with the highest of random priorities runs, and a few priorities change on the way:
   * this finds rare orders with a known probability.
   */
  PCT {
    @Override
    public Schedule make(long seed) {
      return Schedule.pct(seed, PCT_CHANGES);
    }
  };

  private static final int PCT_CHANGES = 3;

  public abstract Schedule make(long seed);
}
