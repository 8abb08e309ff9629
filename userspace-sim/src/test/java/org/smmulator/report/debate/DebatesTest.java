package org.smmulator.report.debate;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Scenarios;

/** Each argument runs, and is told by what its runs show. */
class DebatesTest {
  private final Debates debates = new Debates();
  private final StringWriter out = new StringWriter();

  static Stream<String> names() {
    return new Debates().names().stream();
  }

  @Test
  void allFiveAreThere() {
    assertThat(debates.names())
        .containsExactly(
            "bind-task-2017", "dma-domain-2014", "exynos-2018", "opt-out-2018", "pgsize-2015");
  }

  /** A debate that waits does so only until one of its runs is there. */
  @ParameterizedTest
  @MethodSource("names")
  void eachRunsOrSaysWhyNotAndNoScenarioOfItIsLeftOut(String name) throws Exception {
    Debate debate = debates.load(name);
    Stream<String> own =
        new Scenarios().names().stream().filter(scenario -> scenario.startsWith(name + "-"));
    if (debate.waits() != null) {
      assertWithMessage("scenarios of a debate that says it waits for them")
          .that(own.toList())
          .isEmpty();
      var e = assertThrows(BadInputException.class, () -> told(name));
      assertThat(e).hasMessageThat().contains("cannot be run yet");
      return;
    }
    assertThat(debate.sidesOrNone().stream().flatMap(side -> side.runs().stream()).toList())
        .containsAtLeastElementsIn(own.toList());
    assertThat(told(name)).isTrue();
    assertThat(out.toString()).contains("What Linux merged");
    for (Debate.Side side : debate.sidesOrNone()) {
      assertThat(out.toString()).contains("\n" + side.name() + "\n");
    }
  }

  @Test
  void ofTheFourCellsOf2018OneIsBrokenAndOnlyOneOrderBisects() throws Exception {
    assertThat(told("exynos-2018")).isTrue();

    assertThat(out.toString()).containsMatch("own-domain +works +broken +broken\n");
    assertThat(out.toString()).containsMatch("dma-dev-default +works +works +works\n");
    assertThat(out.toString())
        .contains("works -> broken -> works: a bisection can stop at a broken one");
    assertThat(out.toString()).contains("works -> works -> works: every step works");
    assertThat(out.toString()).contains("13800000.decon: [READ] PAGE FAULT occurred");
  }

  /** A group over several IOMMUs is broken on both boards, unless the driver knows of it. */
  @Test
  void aGroupOverSeveralIommusBreaksADriverThatAttachesOneByOneAndAnSmmu() throws Exception {
    assertThat(told("exynos-2018")).isTrue();

    assertThat(outcomeOf("exynos-2018-spanning"))
        .contains("failed to bind 13800000.decon (ops decon_component_ops): -22");
    assertThat(outcomeOf("exynos-2018-spanning-arm")).contains("Failed to register iommu");
    assertThat(outcomeOf("exynos-2018-driver-told")).contains("works: ");
  }

  /** A driver's own addresses are safe from every lookup but that of the attached domain. */
  @Test
  void ofTheLookupsOnlyTheAttachedDomainTakesAnAddressOfADriversOwn() throws Exception {
    assertThat(told("exynos-2018")).isTrue();

    assertThat(outcomeOf("exynos-2018-own-table-attached-domain")).contains("EEXIST");
    assertThat(outcomeOf("exynos-2018-own-table-default-domain")).contains("works: ");
    assertThat(outcomeOf("exynos-2018-own-table-type-only")).contains("works: ");
  }

  /** A page at a time is a call for each page: 256 pages of 16K are mapped and unmapped. */
  @Test
  void mergedSizesBreakAPromiseAndAPageAtATimeIsACallForEachPage() throws Exception {
    assertThat(told("pgsize-2015")).isTrue();

    assertThat(outcomeOf("pgsize-2015-merged-before-attach")).contains("to plain: EINVAL");
    assertThat(outcomeOf("pgsize-2015-per-domain-before-attach")).contains("works: ");
    assertThat(callsOf("pgsize-2015-per-domain-core-page-at-a-time"))
        .isAtLeast(2 * 256 + callsOf("pgsize-2015-per-domain-driver") - 2);
    assertThat(out.toString()).containsMatch("\n  global +broken +broken +works +broken\n");
    assertThat(out.toString()).containsMatch("\n  global-or +broken +broken +works +works\n");
    assertThat(out.toString()).containsMatch("\n  merged +works +works +works +works\n");
    assertThat(out.toString()).containsMatch("\n  per-domain +works +works +works +works\n");
  }

  private int callsOf(String run) {
    Matcher calls = Pattern.compile("([0-9]+) calls? of drivers").matcher(costOf(run));
    assertThat(calls.find()).isTrue();
    return Integer.parseInt(calls.group(1));
  }

  /** The attached domain costs references, the default domain none. */
  @Test
  void theFastPathTakesNoReferences() throws Exception {
    assertThat(told("exynos-2018")).isTrue();

    assertThat(costOf("exynos-2018-cured")).contains(", 0 group references, ");
    assertThat(costOf("exynos-2018-cure-first")).containsMatch(", [1-9][0-9]* group references, ");
  }

  private String costOf(String run) {
    return lineOf(run, "cost");
  }

  private String outcomeOf(String run) {
    return lineOf(run, "outcome");
  }

  private String lineOf(String run, String heading) {
    String text = out.toString();
    return text.substring(text.indexOf("run        " + run + ":"))
        .lines()
        .filter(line -> line.startsWith("  " + heading + " "))
        .findFirst()
        .orElse("");
  }

  /** The GMU has taken bank 0 in the one cell of the opt-out that breaks. */
  @Test
  void threeOfTheSixCellsOfTheOptOutAreBroken() throws Exception {
    assertThat(told("opt-out-2018")).isTrue();

    assertThat(out.toString()).containsMatch("\n  dma +broken +broken\n");
    assertThat(out.toString()).containsMatch("\n  opt-out +broken +works\n");
    assertThat(out.toString()).containsMatch("\n  identity +works +works\n");
    assertThat(out.toString())
        .contains("in the end, finds 5000000.gpu in 'unmanaged, context bank 2'\n");
  }

  @Test
  void ofTheDesignsOf2017OnlyTheSharedTableLetsAThiefIn() throws Exception {
    assertThat(told("bind-task-2017")).isTrue();

    assertThat(out.toString().lines().filter(line -> line.contains("outcome    broken")).toList())
        .containsExactly("  outcome    broken: painter finds 0x666 at canvas+0x20");
  }

  @Test
  void anUnknownOneIsAnsweredWithTheNearest() {
    var e = assertThrows(BadInputException.class, () -> debates.load("exynos-2017"));

    assertThat(e.cure()).contains("exynos-2018");
  }

  @Test
  void theListHasAllOfThem() throws Exception {
    new DebateReport(new PrintWriter(out, true), 0, false).printList(debates);

    assertThat(out.toString()).containsMatch("exynos-2018 +A made-up default domain");
    assertThat(out.toString().lines().count()).isEqualTo(5);
  }

  private boolean told(String name) throws Exception {
    PrintWriter to = new PrintWriter(out, true);
    return new DebateReport(to, 0, false).print(name, debates.load(name));
  }
}
