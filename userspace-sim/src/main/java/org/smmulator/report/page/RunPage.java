package org.smmulator.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

  /**
   * Writes the page to {@code path}.
   *
   * @param title in one line
   * @param source the scenario's text
   * @throws IOException if it cannot be written
   */
  public void write(Path path, String title, String source) throws IOException {
    ImmutableMap<String, String> parts =
        ImmutableMap.of(
            "@TITLE@", title.replace("&", "&amp;").replace("<", "&lt;"),
            "@STYLE@", resource("page.css"),
            "@SCRIPT@", resource("page.js"),
            "@TOPOLOGY@", recorder.topology(),
            "@SOURCE@", inScript(new JsonMapper().writeValueAsString(source)),
            "@EVENTS@", inScript(recorder.events()));
    String page = resource("page.html");
    for (var part : parts.entrySet()) {
      page = page.replace(part.getKey(), part.getValue());
    }
    Files.writeString(path, page, UTF_8);
  }

  /** A script element ends at the first end tag, whatever it is in. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = requireNonNull(RunPage.class.getResourceAsStream(name))) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
