package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.Lists;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.cli.ExitCode;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.story.StoryCompiler;

/** {@code smmulator run story.java}. */
class StoryCommandTest {
  private static final String STORY =
      """
      import static org.smmulator.userspace.msm.JobPart.*;
      import org.smmulator.story.*;

      class Painting implements Story {
        public String about() {
          return "One paints, and the other sees nothing";
        }

        public void tell(StoryMachine machine) throws Exception {
          var painter = machine.spawn("painter").openGpu();
          var reader = machine.spawn("reader").openGpu();
          var canvas = painter.buffer(64 * KIB);
          var page = reader.buffer(64 * KIB);
          painter.submit(write(canvas, 0x10, 0xcafe), copy(canvas, 0x10, canvas, 0x20)).await();
          reader.submit(write(page, 0, 1)).await();
          machine.expect(canvas.load32(0x20)).is(0xcafe);
          machine.expect(page.load32(0x10)).is(0);
          machine.expect(page.iova()).is(canvas.iova());
          // HERE
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aStoryIsToldLikeAScenarioFile() throws Exception {
    CommandRun run = tell(STORY);

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("One paints, and the other sees nothing (db845c, seed 0)");
    assertThat(run.out()).containsMatch("painter\\[\\d+] +starts\n");
    assertThat(run.out()).containsMatch("gpu +writes at iova 0x100000010 -> pa ");
    assertThat(run.lines().getLast()).startsWith("ok: 3 expectations");
    assertThat(run.lines().getLast()).endsWith("nothing leaked");
  }

  @Test
  void twiceItIsTheSameByteForByte() throws Exception {
    assertThat(tell(STORY).out()).isEqualTo(tell(STORY).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          machine.expect(canvas.load32(0)).is(7);           | expected 0x7, found 0x0
          painter.device().newBuffer(0, 0);                 | EINVAL
          machine.expectDmesg("gpu fault");                 | expected a line of dmesg with 'gpu fault'
          throw new IllegalStateException("lost my place"); | lost my place
          throw new StackOverflowError();                   | StackOverflowError
          """)
  void whatFailsAStoryIsSaidWithItsLine(String line, String problem) throws Exception {
    CommandRun run = tell(STORY.replace("// HERE", line));

    assertThat(run.exitCode()).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(run.out()).containsMatch("Painting[.]java:19: .*" + problem);
    assertThat(run.lines().getLast()).startsWith("not ok: 3 expectations");
  }

  /** The timeline is what one looks for the culprit in. */
  @Test
  void aMachineThatStopsHasBeenToldUntilThen() throws Exception {
    CommandRun run =
        tell(
            STORY.replace(
                "// HERE",
                "painter.device().client().poll(painter.device().client().eventfd(0, 0), 1, -1);"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.MACHINE_STOPPED);
    assertThat(run.out()).containsMatch("gpu +writes at iova 0x100000010 -> pa ");
    assertThat(run.err()).contains("not ok: the machine stopped, a deadlock");
  }

  @Test
  void switchesAndFaultsAreTheStorysOwn() throws Exception {
    CommandRun run =
        tell(
            STORY.replace(
                "  public void tell",
                """
                  public com.google.common.collect.ImmutableMap<String, String> settings() {
                    return com.google.common.collect.ImmutableMap.of("seed", "5");
                  }

                  public com.google.common.collect.ImmutableList<org.smmulator.machine.faults.Fault> faults() {
                    return com.google.common.collect.ImmutableList.of(
                        new org.smmulator.machine.faults.Fault.LateInterrupt(
                            "5000000.gpu",
                            org.smmulator.machine.faults.Fault.Occurrences.FIRST,
                            1_000_000));
                  }

                  public void tell\
                """));

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("(db845c, seed 5)");
    assertThat(run.out()).contains("late interrupt of 5000000.gpu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          implements Story | extends Story              | Painting.java:4:24
          class Painting   | abstract class Painting    | has 0 classes that are a story
          // HERE          | canvas.paint();            | Painting.java:19:11: cannot find symbol
          class Painting   | record Painting(int n)     | constructor without parameters
          "One paints      | 5; // "                    | Painting.java:6
          """)
  void whatIsNoStoryIsRefusedWithItsPlace(String sound, String wrong, String problem)
      throws Exception {
    CommandRun run = tell(STORY.replace(sound, wrong));

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains(problem);
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void aSuiteRunsStoriesBesideScenarioFiles() throws Exception {
    Files.writeString(
        folder.resolve("Fails.java"),
        STORY
            .replace("// HERE", "painter.client().kill(99);")
            .replace("class Painting", "class Fails"));
    Files.writeString(folder.resolve("Other.java"), "class Other {}");
    Files.writeString(folder.resolve("Broken.java"), STORY.replace("// HERE", "x"));
    Files.writeString(folder.resolve("fine.yaml"), "about: x\nprocesses: {p: [{sleep: 1us}]}\n");
    Files.writeString(folder.resolve("Painting.java"), STORY);
    Path junit = folder.resolve("junit.xml");

    CommandRun alone = CommandRun.of("test", folder.toString(), "--junit", junit.toString());
    CommandRun together = CommandRun.of("test", folder.toString(), "--jobs", "2");

    assertThat(alone.exitCode()).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(alone.lines().stream().filter(line -> !line.startsWith("#")).toList())
        .containsExactly(
            "KTAP version 1",
            "1..4",
            "not ok 1 Broken.java # ERROR %s/Broken.java:19:5: not a statement".formatted(folder),
            "not ok 2 Fails.java # %s/Fails.java:19: ESRCH: kill".formatted(folder),
            "ok 3 Painting.java",
            "ok 4 fine")
        .inOrder();
    assertThat(together.out()).isEqualTo(alone.out());
    assertThat(Files.readString(junit)).contains("name=\"Painting.java\"");
  }

  @Test
  void aSuiteRunsAStoryWithSeveralSeeds() throws Exception {
    Path file = Files.writeString(folder.resolve("Painting.java"), STORY);

    CommandRun run = CommandRun.of("test", file.toString(), "--repeat", "3");

    assertWithMessage("%s", run.out()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("ok 1 Painting.java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--answer", "--screenshot=x.png", "--report=x.html"})
  void optionsOfScenarioFilesAreRefused(String option) throws Exception {
    CommandRun run = tell(STORY, option);

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("are of scenarios in .yaml");
  }

  @Test
  void aJavaWithoutACompilerSaysThatItHasNone() {
    var e = assertThrows(BadInputException.class, () -> new StoryCompiler(null));

    assertThat(e).hasMessageThat().contains("no compiler");
    assertThat(e.cure()).contains("JDK");
  }

  private CommandRun tell(String story, String... options) throws Exception {
    Path file = Files.writeString(folder.resolve("Painting.java"), story);
    return CommandRun.of(Lists.asList("run", file.toString(), options).toArray(String[]::new));
  }
}
