package org.smmulator.machine.faults;

import java.util.function.Consumer;
import org.smmulator.machine.faults.Fault.Occurrences;

/** A fault of a machine, and what came of it. */
final class ArmedFault {
  private final Injection injection;
  private final Consumer<String> listener;
  private boolean armed;
  private long seen;
  private long injected;

  ArmedFault(Injection injection, Consumer<String> listener) {
    this.injection = injection;
    this.listener = listener;
  }

  Fault fault() {
    return injection.fault();
  }

  boolean waitsFor(String word) {
    return !armed && word.equals(injection.armedBy());
  }

  boolean isArmedAtOnce() {
    return injection.armedBy() == null;
  }

  void arm() {
    armed = true;
  }

  /** Counts one more of the events; returns whether the fault meets it. */
  boolean meets(Occurrences when) {
    if (!armed) {
      return false;
    }
    seen++;
    boolean met = when.has(seen);
    if (met) {
      happened();
    }
    return met;
  }

  /** The fault happens now. */
  void happened() {
    injected++;
    listener.accept(fault().words());
  }

  boolean hasHappened() {
    return injected > 0;
  }
}
