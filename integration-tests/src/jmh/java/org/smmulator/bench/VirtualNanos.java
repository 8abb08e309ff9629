package org.smmulator.bench;

import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Timebase;

/** A clock that only adds up: an event runs at once, and no other context does. */
final class VirtualNanos implements Timebase {
  private long now;

  @Override
  public long nowNs() {
    return now;
  }

  @Override
  public void consume(long ns) {
    now += ns;
  }

  @Override
  public void point() {}

  @Override
  public void after(long delayNs, Runnable event) {
    now += delayNs;
    event.run();
  }

  @Override
  public void process(String name, Runnable body) {
    throw new UnsupportedOperationException("nobody else runs here");
  }

  @Override
  public Doorbell doorbell(String name) {
    return new Doorbell() {
      @Override
      public void ring() {}

      @Override
      public void await() {
        throw new UnsupportedOperationException("nobody rings");
      }
    };
  }
}
