package org.smmulator.hw.bus;

/** A signal that is high or low: a clock that runs, a power switch that is on. */
public final class Wire {
  private boolean high;

  private Wire(boolean high) {
    this.high = high;
  }

  /** A wire that is high and that nobody pulls down. */
  public static Wire tiedHigh() {
    return new Wire(true);
  }

  /** A wire that starts low. */
  public static Wire low() {
    return new Wire(false);
  }

  public boolean isHigh() {
    return high;
  }

  public void set(boolean level) {
    high = level;
  }
}
