package org.smmulator.report.debate;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.RunReport;
import org.smmulator.report.page.RunPage;
import org.smmulator.report.page.SidesPage.Fact;
import org.smmulator.script.Failure;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.iommu.Counted;
import org.smmulator.trace.Dmesg;

/**
 * A run of a scenario, and what was observed there.
 *
 * @param failure the step that did not end as the scenario says; null if all did
 * @param met how many expectations were met
 * @param found what processes found, as they looked, and what was found in the end
 * @param log what the kernel said since the machine had booted, alike lines once
 * @param broke what the kernel said or a process found that means that the design broke; null if
 *     there is none
 * @param costs counts in words, from the end of the boot to the end of the run: {@code 12 group
 *     references}
 * @param page what a browser can show of it; null if nobody wants that
 */
record Observation(
    Scenario scenario,
    @Nullable Failure failure,
    int met,
    ImmutableList<String> found,
    ImmutableList<String> log,
    @Nullable String broke,
    ImmutableList<String> costs,
    @Nullable RunPage page) {
  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|[0-9]+");

  /**
   * Runs {@code scenario} on the first of its boards.
   *
   * @param broken parts of what the kernel says or a process finds if the design broke
   * @param page what records it for a browser; null if nobody wants that
   * @throws ScenarioException if a board or a switch is not there
   * @throws BadInputException if that board does not boot so
   */
  static Observation of(Scenario scenario, List<String> broken, @Nullable RunPage page)
      throws ScenarioException, BadInputException {
    MachineBuilder board = ScenarioBoard.of(scenario).machine();
    RegisterWrites writes = new RegisterWrites();
    MachineBuilder watched =
        page == null
            ? board.interpose(writes.wires())
            : board
                .interpose(Interposer.all(List.of(writes.wires(), page.wires())))
                .traced()
                .observe(page::begin);
    try (Machine machine = watched.boot()) {
      return of(scenario, machine, writes, broken, page);
    }
  }

  private static Observation of(
      Scenario scenario,
      Machine machine,
      RegisterWrites writes,
      List<String> broken,
      @Nullable RunPage page) {
    long writesOfBoot = writes.count();
    long referencesOfBoot = Counted.GROUP_REFERENCES.in(machine);
    long callsOfBoot = Counted.DRIVER_CALLS.in(machine);
    int linesOfBoot = machine.dmesg().lines().size();
    List<String> found = new ArrayList<>();
    RunListener finds =
        new RunListener() {
          @Override
          public void stepDone(String process, int pid, Step step, @Nullable Object result) {
            if (step.keyword().equals("expect") || step.errno() != null) {
              found.add(process + " " + step.words());
            }
          }

          @Override
          public void processEnding(String process, int pid) {}
        };
    ScenarioRun run = new ScenarioRun(scenario, machine, page == null ? finds : page.over(finds));
    run.run();
    if (page != null) {
      page.end();
    }
    ImmutableList<String> all =
        machine.dmesg().lines().stream().map(Dmesg.Line::text).collect(toImmutableList());
    return new Observation(
        scenario,
        run.failure(),
        run.expectationsMet(),
        ImmutableList.<String>builder().addAll(found).addAll(foundAtTheEnd(scenario, run)).build(),
        folded(all.subList(linesOfBoot, all.size())),
        Stream.concat(all.stream(), found.stream())
            .filter(line -> broken.stream().anyMatch(line::contains))
            .findFirst()
            .orElse(null),
        ImmutableList.of(
            counted(writes.count() - writesOfBoot, "write") + " to IOMMUs' registers",
            counted(Counted.DRIVER_CALLS.in(machine) - callsOfBoot, "call")
                + " of drivers to map and unmap",
            counted(Counted.GROUP_REFERENCES.in(machine) - referencesOfBoot, "group reference"),
            counted(Counted.DOMAINS.in(machine), "domain") + " with a table"),
        page);
  }

  /** The findings after the last process had ended; none of a run that failed. */
  private static ImmutableList<String> foundAtTheEnd(Scenario scenario, ScenarioRun run) {
    return run.failure() != null
        ? ImmutableList.of()
        : scenario.after().stream()
            .map(step -> "in the end, " + step.words())
            .collect(toImmutableList());
  }

  private static String counted(long count, String noun) {
    return RunReport.counted((int) count, noun);
  }

  /** The lines, those that differ in numbers only once with their count. */
  private static ImmutableList<String> folded(List<String> lines) {
    Map<String, String> first = new LinkedHashMap<>();
    Map<String, Integer> count = new LinkedHashMap<>();
    for (String line : lines) {
      String shape = NUMBER.matcher(line).replaceAll("#");
      first.putIfAbsent(shape, line);
      count.merge(shape, 1, Integer::sum);
    }
    return first.entrySet().stream()
        .map(each ->
            count.getOrDefault(each.getKey(), 1) == 1
                ? each.getValue()
                : "%s (%d such lines)".formatted(each.getValue(), count.get(each.getKey())))
        .collect(toImmutableList());
  }

  /** All that is told of it, in the order in which it is told. */
  ImmutableList<Fact> facts() {
    ImmutableList.Builder<Fact> facts = ImmutableList.builder();
    facts.add(new Fact("run", "%s: %s".formatted(scenario.name(), settings())));
    if (failure != null) {
      facts.add(
          new Fact(
              "not so",
              "%s: expected %s, but %s"
                  .formatted(failure.step().place(), failure.expected(), failure.actual())));
    }
    facts.add(new Fact("outcome", outcomeInWords()));
    found.forEach(line -> facts.add(new Fact("observed", line)));
    log.forEach(line -> facts.add(new Fact("log", line)));
    return facts.add(new Fact("cost", String.join(", ", costs))).build();
  }

  private String outcomeInWords() {
    return broke == null
        ? "works: %d of %d expectations, and nothing in the log against it"
            .formatted(met, met + (failure == null ? 0 : 1))
        : "broken: " + broke;
  }

  private String settings() {
    String set =
        scenario.settings().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue().value())
            .collect(joining(", "));
    return "%s on %s"
        .formatted(set.isEmpty() ? "as Linux does today" : set, scenario.board().value());
  }

  /** Tells in a word what the design did. */
  String outcome() {
    return broke == null ? "works" : "broken";
  }
}
