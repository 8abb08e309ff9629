package org.smmulator.machine.config;

import org.smmulator.kernel.task.Schedule;

/** Who runs next where several could: the switch {@code schedule}. */
public enum ScheduleKind {
  /** First come, first served. */
  FIRST_COME {
    @Override
    public Schedule make(long seed) {
      return Schedule.firstCome();
    }
  },
  /** Anyone, and who runs gives way at one point in four. */
  RANDOM {
    @Override
    public Schedule make(long seed) {
      return Schedule.random(seed);
    }
  },
  /** Random priorities with a few changes: finds rare orders with a known probability. */
  PCT {
    @Override
    public Schedule make(long seed) {
      return Schedule.pct(seed, PCT_CHANGES, PCT_STEPS);
    }
  };

  private static final int PCT_CHANGES = 3;
  private static final int PCT_STEPS = 10_000;

  public abstract Schedule make(long seed);
}
