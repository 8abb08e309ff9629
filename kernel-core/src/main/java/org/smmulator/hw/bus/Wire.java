package org.smmulator.hw.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** A signal that is high or low: a clock that runs, a power switch that is on. */
public final class Wire {
  private final List<Runnable> onRise = new ArrayList<>();
  private final List<Runnable> onFall = new ArrayList<>();
  private final List<LongConsumer> onRate = new ArrayList<>();
  private boolean high;

  private Wire(boolean high) {
    this.high = high;
  }

  /** A wire that stays high. */
  public static Wire tiedHigh() {
    return new Wire(true);
  }

  /** A wire that starts low. */
  public static Wire low() {
    return new Wire(false);
  }

  /** A wire that starts high. */
  public static Wire high() {
    return new Wire(true);
  }

  /** A wire that is high while both are. */
  public static Wire both(Wire one, Wire other) {
    Wire made = new Wire(one.high && other.high);
    Runnable follow = () -> made.set(one.high && other.high);
    for (Wire wire : List.of(one, other)) {
      wire.onRise.add(follow);
      wire.onFall.add(follow);
    }
    return made;
  }

  public boolean isHigh() {
    return high;
  }

  public void set(boolean level) {
    if (level == high) {
      return;
    }
    high = level;
    (level ? onRise : onFall).forEach(Runnable::run);
  }

  /** Changes how fast the clock on the wire ticks, in hertz. */
  public void setRate(long hz) {
    onRate.forEach(listener -> listener.accept(hz));
  }

  /** Tells {@code listener} whenever the clock on the wire changes its rate. */
  public void onRate(LongConsumer listener) {
    onRate.add(listener);
  }

  /** Runs {@code action} whenever the wire goes from high to low. */
  public void onFall(Runnable action) {
    onFall.add(action);
  }
}
