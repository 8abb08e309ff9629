package org.smmulator.report.page;

import java.io.IOException;
import java.nio.file.Path;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.script.RunListener;

/**
 * A run as one page for a browser, which needs no network: every moment can be stepped to, and is
 * rebuilt there from the events that were recorded.
 */
public final class RunPage {
  private final PageRecorder recorder;

  /** Makes a page of a run of any length. */
  public RunPage() {
    this(Integer.MAX_VALUE);
  }

  /**
   * Makes a page that ends where {@code mostEvents} have happened, and says so: for a run that is
   * recorded although hardly anybody will look at it.
   */
  public RunPage(int mostEvents) {
    recorder = new PageRecorder(mostEvents);
  }

  /** The probe that it needs in the machine's wires. */
  public Interposer wires() {
    return recorder.wires();
  }

  /** Records from now on what happens in {@code machine}, whose tracepoints are on. */
  public void begin(Machine machine) {
    recorder.begin(machine);
  }

  /** Records the steps of a scenario, and has {@code listener} told of them. */
  public RunListener over(RunListener listener) {
    return recorder.over(listener);
  }

  /** Ends the recording, while the machine is there. {@link #write} does so if nobody else has. */
  public void end() {
    recorder.end();
  }

  /**
   * Writes the page to {@code path}.
   *
   * @param title in one line
   * @param source the scenario's text
   * @throws IOException if it cannot be written
   */
  public void write(Path path, String title, String source) throws IOException {
    PageData data = new PageData();
    data.head().put("title", title);
    addTo(data, title, source);
    PageFrame.write(path, data);
  }

  void addTo(PageData data, String name, String source) {
    recorder.writeTo(
        data, data.head().withArray("runs").addObject().put("name", name).put("source", source));
  }
}
