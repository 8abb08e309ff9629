package org.smmulator.report.debate;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSet;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.Paragraphs;
import org.smmulator.script.Failure;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Scenarios;

/** Tells an argument: the problem, each side with its runs, what stayed open, what was merged. */
public final class DebateReport {
  private final Scenarios scenarios = new Scenarios();
  private final Map<String, Observation> observed = new LinkedHashMap<>();
  private final PrintWriter out;
  private final Paragraphs lines;

  /** Prints to {@code out}; {@code columns} of a terminal, 0 for none. */
  public DebateReport(PrintWriter out, int columns) {
    this.out = out;
    this.lines = new Paragraphs(out, columns);
  }

  /** Prints the names with what they are about, and what keeps one from being run. */
  public void printList(Debates debates) throws BadInputException {
    for (String name : debates.names()) {
      Debate debate = debates.load(name);
      lines.print(0, "%-16s %s (%s)".formatted(name, debate.title(), debate.people()));
      if (debate.waits() != null) {
        lines.print(17, "cannot be run yet: " + debate.waits());
      }
    }
  }

  /**
   * Runs both sides and tells them.
   *
   * @return whether every run met its expectations
   * @throws BadInputException if it cannot be run yet
   */
  public boolean print(String name, Debate debate) throws BadInputException, ScenarioException {
    if (debate.waits() != null) {
      throw new BadInputException(
          "'%s' cannot be run yet: %s".formatted(name, debate.waits()),
          "the list of debates says which can");
    }
    lines.print(0, "%s: %s (%s)".formatted(name, debate.title(), debate.people()));
    section("The problem", debate.problem());
    for (Debate.Side side : debate.sidesOrNone()) {
      print(side, debate);
    }
    printGrid(debate);
    for (Debate.Order order : debate.ordersOrNone()) {
      print(order, debate);
    }
    section("What stayed open", debate.open());
    section("What Linux merged", debate.merged());
    return observed.values().stream().allMatch(each -> each.failure() == null);
  }

  private void section(String heading, String text) {
    out.println();
    out.println(heading);
    text.strip().lines().forEach(line -> lines.print(2, line));
  }

  private void print(Debate.Side side, Debate debate) throws BadInputException, ScenarioException {
    out.println();
    lines.print(0, side.name());
    lines.print(2, "proposed   " + side.proposed());
    side.proposal().strip().lines().forEach(line -> lines.print(13, line));
    lines.print(2, "objection  " + side.objection());
    for (String run : side.runs()) {
      print(run, observe(run, debate));
    }
  }

  private void print(String name, Observation seen) {
    lines.print(2, "run        %s: %s".formatted(name, settingsOf(seen.scenario())));
    Failure failure = seen.failure();
    if (failure != null) {
      lines.print(
          2,
          "not so     %s: expected %s, but %s"
              .formatted(failure.step().place(), failure.expected(), failure.actual()));
    }
    lines.print(2, "outcome    " + outcomeOf(seen));
    seen.found().forEach(line -> lines.print(2, "observed   " + line));
    seen.log().forEach(line -> lines.print(2, "log        " + line));
    lines.print(2, "cost       " + String.join(", ", seen.costs()));
  }

  private static String outcomeOf(Observation seen) {
    return seen.broke() == null
        ? "works: %d of %d expectations, and nothing in the log against it"
            .formatted(seen.met(), seen.met() + (seen.failure() == null ? 0 : 1))
        : "broken: " + seen.broke();
  }

  private static String settingsOf(Scenario scenario) {
    StringBuilder text = new StringBuilder();
    scenario
        .settings()
        .forEach((key, value) ->
            text.append(text.isEmpty() ? "" : ", ").append(key).append('=').append(value.value()));
    return "%s on %s"
        .formatted(text.isEmpty() ? "as Linux does today" : text, scenario.board().value());
  }

  private void printGrid(Debate debate) throws BadInputException, ScenarioException {
    Debate.Grid grid = debate.grid();
    if (grid == null) {
      return;
    }
    out.println();
    lines.print(0, "%s down, %s across".formatted(grid.rows(), grid.columns()));
    ImmutableSet<String> columns = valuesOf(grid.columns(), grid);
    StringBuilder head = new StringBuilder("%-20s".formatted(""));
    columns.forEach(column -> head.append("%-20s".formatted(column)));
    lines.print(2, head.toString().stripTrailing());
    for (String row : valuesOf(grid.rows(), grid)) {
      StringBuilder cells = new StringBuilder("%-20s".formatted(row));
      columns.forEach(column -> cells.append("%-20s".formatted(cell(grid, row, column))));
      lines.print(2, cells.toString().stripTrailing());
    }
  }

  /** The values of a switch in the runs of a grid, in the order in which they came. */
  private ImmutableSet<String> valuesOf(String key, Debate.Grid grid) {
    return observed.values().stream()
        .map(Observation::scenario)
        .filter(scenario -> isIn(grid, scenario))
        .map(scenario -> valueOf(key, scenario))
        .collect(toImmutableSet());
  }

  /** A run that sets neither switch shows something else. */
  private static boolean isIn(Debate.Grid grid, Scenario scenario) {
    return scenario.settings().containsKey(grid.rows())
        || scenario.settings().containsKey(grid.columns());
  }

  private static String valueOf(String key, Scenario scenario) {
    Scenario.Setting set = scenario.settings().get(key);
    Switch<?> known = requireNonNull(Switches.all().get(key));
    return set == null ? known.absentWord() : set.value();
  }

  private String cell(Debate.Grid grid, String row, String column) {
    for (Observation seen : observed.values()) {
      if (valueOf(grid.rows(), seen.scenario()).equals(row)
          && valueOf(grid.columns(), seen.scenario()).equals(column)) {
        return seen.outcome();
      }
    }
    return "-";
  }

  private void print(Debate.Order order, Debate debate)
      throws BadInputException, ScenarioException {
    StringBuilder way = new StringBuilder();
    boolean bisects = true;
    for (String step : order.steps()) {
      Observation seen = observe(step, debate);
      way.append(way.isEmpty() ? "" : " -> ").append(seen.outcome());
      bisects &= seen.broke() == null;
    }
    out.println();
    lines.print(0, order.name());
    lines.print(2, String.join(" -> ", order.steps()));
    lines.print(
        2, way + (bisects ? ": every step works" : ": a bisection can stop at a broken one"));
  }

  private Observation observe(String run, Debate debate)
      throws BadInputException, ScenarioException {
    Observation known = observed.get(run);
    if (known == null) {
      known = Observation.of(scenarios.load(run), debate.brokenOrNone());
      observed.put(run, known);
    }
    return known;
  }
}
