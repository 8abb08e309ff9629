package org.smmulator.report.trace;

import java.io.IOException;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;

/** A file that a run is traced to while it runs. */
public interface TraceOutput extends AutoCloseable {
  /** The probe that it needs in the machine's wires. */
  default Interposer wires() {
    return Interposer.none();
  }

  /**
   * Writes from now on what happens in {@code machine}, whose tracepoints are on.
   *
   * @throws IOException if the file cannot be written
   */
  void begin(Machine machine) throws IOException;

  /**
   * Ends the trace. Ending it again does nothing.
   *
   * @throws IOException if not all of it could be written
   */
  @Override
  void close() throws IOException;
}
