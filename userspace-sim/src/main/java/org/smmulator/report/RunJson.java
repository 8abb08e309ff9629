package org.smmulator.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.script.Failure;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;

/** A run as JSON, for programs that read it: {@code run --json}. */
public final class RunJson {
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  /** Begins with what was asked for. */
  public RunJson(Scenario scenario, ImmutableMap<String, String> settings) {
    json.put("scenario", scenario.file());
    json.put("about", scenario.about());
    json.put("board", scenario.board().value());
    ObjectNode set = json.putObject("set");
    settings.forEach(set::put);
  }

  /** Adds what happened. */
  public RunJson told(Machine machine, ScenarioRun run, RunReport report) {
    json.put("ended_ns", machine.scheduler().nowNs());
    json.putObject("expectations")
        .put("stated", run.expectations())
        .put("met", run.expectationsMet());
    json.setAll(report.json());
    ArrayNode log = json.putArray("dmesg");
    machine.dmesg().lines().forEach(line -> log.add(line.toString()));
    return this;
  }

  /** Adds the step that failed. */
  public RunJson failed(Failure failure) {
    json.putObject("failure")
        .put("file", failure.step().place().file())
        .put("line", failure.step().place().line())
        .put("column", failure.step().place().column())
        .put("step", failure.step().keyword())
        .put("process", failure.process())
        .put("expected", failure.expected())
        .put("actual", failure.actual())
        .put("time_ns", failure.timeNs());
    return this;
  }

  /** Adds why the machine stopped. */
  public RunJson stopped(MachineStopped stopped) {
    ObjectNode told = json.putObject("stopped");
    told.put("reason", stopped.reason().toString().toLowerCase(Locale.ROOT));
    stopped.report().lines().forEach(told.putArray("report")::add);
    return this;
  }

  /** Adds what is still held, pages by owner. */
  public RunJson leaked(ImmutableMap<String, Long> pages) {
    ObjectNode told = json.putObject("leaked_pages");
    pages.forEach(told::put);
    return this;
  }

  /** Adds a file of the machine. */
  public RunJson file(String path, String text) {
    ObjectNode files = json.withObjectProperty("files");
    files.put(path, text);
    return this;
  }

  /** The document, with its verdict. */
  public ObjectNode ended(int exitCode) {
    return json.put("exit_code", exitCode);
  }
}
