package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.cli.ExitCode;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.Lesson;
import org.smmulator.script.Scenarios;

/** The course: lessons climb the layers, each asks, and the answer comes with a run. */
class LessonsTest {
  static ImmutableList<String> lessons() throws Exception {
    Scenarios scenarios = new Scenarios();
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (String name : scenarios.names()) {
      if (scenarios.load(name).lesson() != null) {
        names.add(name);
      }
    }
    return names.build();
  }

  @Test
  void theGalleryCountsLessonsAsTheyClimbTheLayers() throws Exception {
    List<Integer> numbers = new ArrayList<>();
    for (String line : CommandRun.of("scenarios").lines()) {
      if (line.matches("  \\d\\d .*")) {
        numbers.add(Integer.parseInt(line.substring(2, 4)));
      }
    }
    Set<Scenario.Layer> layers = EnumSet.noneOf(Scenario.Layer.class);
    for (String name : lessons()) {
      layers.add(requireNonNull(new Scenarios().load(name).lesson()).layer());
    }

    assertThat(numbers.size()).isAtLeast(24);
    assertThat(numbers)
        .containsExactlyElementsIn(IntStream.rangeClosed(1, lessons().size()).boxed().toList())
        .inOrder();
    assertThat(layers).containsExactlyElementsIn(Scenario.Layer.values());
  }

  @Test
  void theGalleryHasAHeadingForEachLayerAndEachArgument() {
    CommandRun run = CommandRun.of("scenarios");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    for (Scenario.Layer layer : Scenario.Layer.values()) {
      assertThat(run.lines()).contains(layer.title());
    }
    assertThat(run.lines())
        .containsAtLeast("The cells of opt-out-2018", "The cells of pgsize-2015")
        .inOrder();
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void aLessonTellsWhatToLookAtAndAsks(String name) throws Exception {
    Scenario lesson = new Scenarios().load(name);
    CommandRun run = CommandRun.of("run", name);

    assertWithMessage(name).that(lesson.story()).isNotEmpty();
    assertThat(run.lines()).contains("  (smmulator run %s --answer)".formatted(name));
    assertThat(run.out()).contains("Retells ");
    assertThat(run.out()).doesNotContain(requireNonNull(lesson.lesson()).answer());
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void itsAnswerComesWithTheRunThatShowsIt(String name) throws Exception {
    CommandRun run = CommandRun.of("run", name, "--answer");
    Lesson lesson = requireNonNull(new Scenarios().load(name).lesson());

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains(lesson.answer().lines().findFirst().orElseThrow());
    assertThat(run.lines().getLast()).startsWith("ok: ");
  }

  @Test
  void aScenarioThatAsksNothingHasNoAnswer() {
    CommandRun run = CommandRun.of("run", "opt-out-2018-dma-first-free", "--answer");

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("'opt-out-2018-dma-first-free' asks nothing");
  }

  /** The bitmaps that 2015 talked about can be looked at: of an instance, a group, a domain. */
  @Test
  void aBitmapFlowsFromTheInstanceOverTheGroupToTheDomain() {
    String group = "/sys/kernel/debug/iommu/0/pgsize_bitmap";
    String today = CommandRun.of("boot", "granules", "--cat", group).out();
    String and =
        CommandRun.of(
                "boot",
                "granules-reversed",
                "--set",
                "iommu.pgsize=global",
                "--cat",
                "/sys/kernel/debug/iommu/1/pgsize_bitmap")
            .out();
    String instance =
        CommandRun.of("boot", "granules", "--cat", "/sys/class/iommu/9100000.iommu/pgsize_bitmap")
            .out();

    assertThat(today).contains("instance 9100000.iommu 0x42205000\ngroup 0x42205000\n");
    assertThat(today).contains("domain 0x40201000\n"); // one granule of the two
    assertThat(and).contains("instance 9100000.iommu 0x42205000\ngroup 0x2004000\n");
    assertThat(instance).contains("pgsize_bitmap\n0x42205000\n");
  }
}
