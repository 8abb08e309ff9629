package org.smmulator.kernel.irq;

import java.util.Map;
import java.util.TreeMap;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/** All interrupt lines of a machine, by number. */
public final class IrqController {
  private final Scheduler scheduler;
  private final Dmesg dmesg;
  private final long latencyNs;
  private final Map<Integer, IrqLine> lines = new TreeMap<>();

  /**
   * Makes a controller without lines.
   *
   * @param latencyNs from a pin's rise to its handler
   */
  public IrqController(Scheduler scheduler, Dmesg dmesg, long latencyNs) {
    this.scheduler = scheduler;
    this.dmesg = dmesg;
    this.latencyNs = latencyNs;
  }

  /** The line {@code number}; it exists as soon as somebody asks for it. */
  public IrqLine line(int number) {
    return lines.computeIfAbsent(number, n -> new IrqLine(scheduler, dmesg, n, latencyNs));
  }
}
