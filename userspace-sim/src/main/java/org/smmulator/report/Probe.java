package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.script.RunListener;

/**
 * A probe in the wires of a machine, and the part of a run's report that tells what it sees. It
 * changes nothing.
 */
public interface Probe extends RunListener {
  /** The probe's part in the wires of the machine. */
  default Interposer wires() {
    return Interposer.none();
  }

  /**
   * Tells from now on what happens in {@code machine}, which has booted and not run anything yet.
   */
  void tell(Machine machine, Timeline timeline);

  /** Prints what was found, below the timeline. */
  void printFindings(PrintWriter out);

  /** The counts in the last line of the report: {@code 2 jobs}. */
  ImmutableList<String> counts();

  /**
   * Makes probes of one kind for the boards that have the hardware.
   *
   * <p>A kind is found by its line in {@code META-INF/services/org.smmulator.report.Probe$Kind}:
   * the report itself names no driver.
   */
  interface Kind {
    /** True if {@code board} has what the probe looks at. */
    boolean fits(DeviceTree board);

    Probe make();
  }
}
