package org.smmulator.hw.engines;

import java.util.function.IntConsumer;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Timebase;

/**
 * A device process that does one job after another.
 *
 * <p>A reset can come whenever the process lets another context run: at a scheduling point, and
 * while an IOMMU stalls an access. So each job has a ticket, and asks after each pause whether that
 * is still {@link #current}.
 */
public final class Worker {
  private final Timebase timebase;
  private final Doorbell bell;
  private final IntConsumer job;
  private int generation;
  private boolean busy;

  /** Starts the process; {@code job} gets its ticket. */
  public Worker(Timebase timebase, String name, IntConsumer job) {
    this.timebase = timebase;
    this.bell = timebase.doorbell(name + " doorbell");
    this.job = job;
    timebase.process(name, this::run);
  }

  public boolean isBusy() {
    return busy;
  }

  /** Starts a job. */
  public void start() {
    busy = true;
    bell.ring();
  }

  /** Cancels the job that runs. */
  public void reset() {
    generation++;
    busy = false;
  }

  /** Returns whether the job with that ticket was not cancelled meanwhile. */
  public boolean current(int ticket) {
    return ticket == generation;
  }

  /** Consumes {@code ns} of work; returns whether the job is still current. */
  public boolean spend(int ticket, long ns) {
    timebase.consume(ns);
    timebase.point();
    return current(ticket);
  }

  /** Ends the job with that ticket before its last statement: another can be started. */
  public void done(int ticket) {
    if (current(ticket)) {
      reset();
    }
  }

  private void run() {
    while (true) {
      while (!busy) {
        bell.await();
      }
      int ticket = generation;
      job.accept(ticket);
      done(ticket);
    }
  }
}
