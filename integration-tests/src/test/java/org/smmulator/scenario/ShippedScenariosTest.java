package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.cli.ExitCode;
import org.smmulator.script.Scenarios;

/** Every scenario that comes with the program does what it says, under every schedule. */
class ShippedScenariosTest {
  private static final Pattern TTBR0 = Pattern.compile("TTBR0 (0x[0-9a-f]{16})");

  static ImmutableList<String> names() {
    return new Scenarios().names();
  }

  static Stream<ImmutableList<String>> namesAndSchedules() {
    return names().stream()
        .flatMap(name ->
            Stream.of("first-come", "random", "pct")
                .flatMap(how -> seeds(name).map(seed -> list(name, how, seed))));
  }

  /** The cells of an argument are many and alike. */
  private static Stream<String> seeds(String name) {
    return name.startsWith("pgsize-2015") ? Stream.of("1") : Stream.of("1", "2", "3");
  }

  private static ImmutableList<String> list(String... words) {
    return ImmutableList.copyOf(words);
  }

  @ParameterizedTest
  @MethodSource("names")
  void itEndsWellAndFitsOnAScreenOrTwo(String name) {
    var run = CommandRun.of("run", name);

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.lines().size()).isLessThan(100);
    assertThat(run.lines().getLast()).startsWith("ok: ");
    assertThat(run.lines().getLast()).endsWith("nothing leaked");
  }

  @ParameterizedTest
  @MethodSource("namesAndSchedules")
  void itEndsWellWhoeverRunsNext(ImmutableList<String> how) {
    var run = CommandRun.of("run", how.get(0), "--schedule", how.get(1), "--seed", how.get(2));

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void twoProcessesGetTheSameAddressAndAPagetableEach() {
    var run = CommandRun.of("run", "two-processes");

    var painter = tableOf(run, "painter");
    var reader = tableOf(run, "reader");
    assertThat(painter).isNotEqualTo(reader);
    assertThat(run.out()).contains("pagetable of painter[100]");
    assertThat(run.out()).contains("= 0xcafe");
    assertThat(run.out()).contains("= 0xbeef");
    assertThat(run.out()).contains("2 pagetable switches");
    assertThat(run.out()).contains("0 refused accesses");
  }

  @Test
  void theKernelsHalfLeadsToTheSamePageUnderBothPagetables() {
    var run = CommandRun.of("run", "two-processes");

    var leads =
        run.lines().stream()
            .filter(line -> line.contains(" while TTBR0 was "))
            .map(line -> line.substring(0, line.indexOf(" while")))
            .collect(ImmutableList.toImmutableList());
    assertThat(leads.size()).isAtLeast(2);
    assertThat(ImmutableSet.copyOf(leads)).hasSize(1);
  }

  @Test
  void aStrayAccessIsReportedInTheKernelsWordsAndRefusedByTheHardware() {
    var run = CommandRun.of("run", "stray-access");

    assertThat(run.out())
        .containsMatch(
            "\\*\\*\\* gpu fault: ttbr0=[0-9a-f]{16} iova=00000000dead0000 dir=WRITE"
                + " type=TRANSLATION source=");
    assertThat(run.out()).contains("1 refused access,");
  }

  private static String tableOf(CommandRun run, String process) {
    return run.lines().stream()
        .filter(line -> line.contains(process + "["))
        .flatMap(line -> TTBR0.matcher(line).results())
        .map((MatchResult found) -> found.group(1))
        .findFirst()
        .orElseThrow();
  }
}
