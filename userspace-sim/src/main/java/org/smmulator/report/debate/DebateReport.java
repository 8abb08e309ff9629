package org.smmulator.report.debate;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSet;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.Paragraphs;
import org.smmulator.report.page.RunPage;
import org.smmulator.report.page.SidesPage;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Scenarios;

/** Tells an argument: the problem, each side with its runs, what stayed open, what was merged. */
public final class DebateReport {
  private final Scenarios scenarios = new Scenarios();
  private final Map<String, Observation> observed = new LinkedHashMap<>();
  private final boolean recorded;
  private final PrintWriter out;
  private final Paragraphs lines;

  /**
   * Prints to {@code out}.
   *
   * @param columns of a terminal, 0 for none
   * @param recorded whether its runs are recorded for {@link #page}
   */
  public DebateReport(PrintWriter out, int columns, boolean recorded) {
    this.out = out;
    this.recorded = recorded;
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
      section(order.name(), textOf(order, debate));
    }
    section("What stayed open", debate.open());
    section("What Linux merged", debate.merged());
    return observed.values().stream().allMatch(each -> each.failure() == null);
  }

  private void section(String heading, String text) {
    out.println();
    out.println(heading);
    text.stripTrailing().lines().forEach(line -> lines.print(2, line.stripTrailing()));
  }

  private void print(Debate.Side side, Debate debate) throws BadInputException, ScenarioException {
    out.println();
    lines.print(0, side.name());
    lines.print(2, "proposed   " + side.proposed());
    side.proposal().strip().lines().forEach(line -> lines.print(13, line));
    lines.print(2, "objection  " + side.objection());
    for (String run : side.runs()) {
      for (SidesPage.Fact fact : observe(run, debate).facts()) {
        lines.print(2, "%-11s%s".formatted(fact.label(), fact.text()));
      }
    }
  }

  private void printGrid(Debate debate) {
    Debate.Grid grid = debate.grid();
    if (grid != null) {
      section(titleOf(grid), textOf(grid));
    }
  }

  private static String titleOf(Debate.Grid grid) {
    return "%s down, %s across".formatted(grid.rows(), grid.columns());
  }

  private String textOf(Debate.Grid grid) {
    ImmutableSet<String> columns = valuesOf(grid.columns(), grid);
    StringBuilder text = new StringBuilder("%-20s".formatted(""));
    columns.forEach(column -> text.append("%-20s".formatted(column)));
    for (String row : valuesOf(grid.rows(), grid)) {
      text.append("\n%-20s".formatted(row));
      columns.forEach(column -> text.append("%-20s".formatted(cell(grid, row, column))));
    }
    return text.toString();
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

  private String textOf(Debate.Order order, Debate debate)
      throws BadInputException, ScenarioException {
    StringBuilder way = new StringBuilder();
    boolean bisects = true;
    for (String step : order.steps()) {
      Observation seen = observe(step, debate);
      way.append(way.isEmpty() ? "" : " -> ").append(seen.outcome());
      bisects &= seen.broke() == null;
    }
    return "%s\n%s%s"
        .formatted(
            String.join(" -> ", order.steps()),
            way,
            bisects ? ": every step works" : ": a bisection can stop at a broken one");
  }

  /**
   * Returns what was printed as a page, with the runs, which were recorded.
   *
   * @throws BadInputException if it cannot be run yet
   */
  public SidesPage page(Debate debate) throws BadInputException, ScenarioException {
    List<SidesPage.Side> sides = new ArrayList<>();
    for (Debate.Side side : debate.sidesOrNone()) {
      List<SidesPage.Run> runs = new ArrayList<>();
      for (String run : side.runs()) {
        Observation seen = observe(run, debate);
        Scenario scenario = seen.scenario();
        RunPage page = requireNonNull(seen.page(), "a run that was not recorded");
        runs.add(new SidesPage.Run(scenario.name(), seen.facts(), scenario.text(), page));
      }
      List<SidesPage.Fact> facts =
          List.of(
              new SidesPage.Fact("proposed", side.proposed()),
              new SidesPage.Fact("proposal", side.proposal().strip()),
              new SidesPage.Fact("objection", side.objection()));
      sides.add(new SidesPage.Side(side.name(), facts, runs));
    }
    List<SidesPage.Section> after = new ArrayList<>();
    if (debate.grid() != null) {
      after.add(new SidesPage.Section(titleOf(debate.grid()), textOf(debate.grid())));
    }
    for (Debate.Order order : debate.ordersOrNone()) {
      after.add(new SidesPage.Section(order.name(), textOf(order, debate)));
    }
    after.add(new SidesPage.Section("What stayed open", debate.open().strip()));
    after.add(new SidesPage.Section("What Linux merged", debate.merged().strip()));
    return new SidesPage(
        "%s (%s)".formatted(debate.title(), debate.people()),
        List.of(new SidesPage.Section("The problem", debate.problem().strip())),
        sides,
        after);
  }

  private Observation observe(String run, Debate debate)
      throws BadInputException, ScenarioException {
    Observation known = observed.get(run);
    if (known == null) {
      known =
          Observation.of(
              scenarios.load(run), debate.brokenOrNone(), recorded ? new RunPage() : null);
      observed.put(run, known);
    }
    return known;
  }
}
