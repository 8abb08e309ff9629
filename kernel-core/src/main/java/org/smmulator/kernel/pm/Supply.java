package org.smmulator.kernel.pm;

import static com.google.common.base.Preconditions.checkState;

import org.smmulator.hw.bus.Wire;

/**
 * A clock or a power domain: on as long as at least one user wants it on.
 *
 * <p>Kernel: the enable count of {@code struct clk_core} and of {@code struct generic_pm_domain}.
 */
public final class Supply {
  private final String name;
  private final Wire wire;
  private int users;

  /**
   * Makes a supply that nobody uses yet.
   *
   * @param wire what it drives; it is high while the supply has a user
   */
  public Supply(String name, Wire wire) {
    this.name = name;
    this.wire = wire;
  }

  /** Adds a user. Kernel: {@code clk_prepare_enable()}. */
  public void enable() {
    if (users++ == 0) {
      wire.set(true);
    }
  }

  /** Takes a user away. Kernel: {@code clk_disable_unprepare()}. */
  public void disable() {
    checkState(users > 0, "%s is off already", name);
    if (--users == 0) {
      wire.set(false);
    }
  }

  /** Changes how fast a clock ticks, in hertz. Kernel: {@code clk_set_rate()}. */
  public void setRate(long hz) {
    wire.setRate(hz);
  }

  @Override
  public String toString() {
    return name;
  }
}
