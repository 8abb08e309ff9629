package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.cli.Main;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenarios;

/** A run gives the same output and the same trace in two JVMs, byte for byte. */
class SameBytesTest {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  /** Another collector, heap, compiler, language, time zone and source of identity hashes. */
  private static final List<String> GERMAN =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx768m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:hashCode=3",
          "-Duser.language=de",
          "-Duser.timezone=Asia/Kolkata",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  /** The letters I and i are no pair in Turkish, and the host's threads are several. */
  private static final List<String> TURKISH =
      List.of(
          "-XX:+UseParallelGC",
          "-Xmx1g",
          "-Duser.language=tr",
          "-Duser.country=TR",
          "-Duser.timezone=Pacific/Apia");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"first-come", "random", "pct"})
  void twoJvmsSayTheSame(String schedule) throws Exception {
    String first = runInAnotherJvm("first", schedule);
    String second = runInAnotherJvm("second", schedule);

    assertThat(first).contains("nothing leaked");
    assertThat(first).contains("# tracer: nop");
    assertThat(second).isEqualTo(first);
  }

  /**
   * Each scenario under each schedule, with its log and its trace, in two JVMs that have little in
   * common but the program.
   */
  @Test
  void twoJvmsSayTheSameOfEveryShippedScenarioUnderEverySchedule() throws Exception {
    Process first = start("all-1", GERMAN, EveryScenario.class);
    Process second = start("all-2", TURKISH, EveryScenario.class);

    assertThat(first.waitFor()).isEqualTo(0);
    assertThat(second.waitFor()).isEqualTo(0);
    String said = Files.readString(directory.resolve("all-1.out"), UTF_8);
    for (String name : new Scenarios().names()) {
      EveryScenario.SCHEDULES.forEach(
          how -> assertThat(said).contains("== %s %s ".formatted(name, how)));
    }
    assertThat(said.lines().filter(line -> line.matches("== [1-9]"))).isEmpty();
    assertThat(Files.readString(directory.resolve("all-2.out"), UTF_8)).isEqualTo(said);
  }

  /** Runs every shipped scenario under every schedule, and prints all that it says. */
  static final class EveryScenario {
    static final List<String> SCHEDULES = List.of("first-come", "random", "pct");

    public static void main(String[] args) throws Exception {
      PrintWriter out = new PrintWriter(System.out, false, UTF_8);
      Path trace = Files.createTempFile("every", ".trace");
      for (String name : new Scenarios().names()) {
        for (Scenario each : new Scenarios().load(name).onEachBoard()) {
          for (String schedule : SCHEDULES) {
            out.println("== %s %s %s".formatted(name, schedule, each.board().value()));
            out.println("== " + run(name, each.board().value(), schedule, trace, out));
            out.println("== " + Hashing.sha256().hashBytes(Files.readAllBytes(trace)));
          }
        }
      }
      Files.delete(trace);
      out.flush();
    }

    private static int run(
        String name, String board, String schedule, Path trace, PrintWriter out) {
      return Main.run(
          out,
          out,
          "run",
          name,
          "--board",
          board,
          "--dmesg",
          "--schedule",
          schedule,
          "--seed",
          "7",
          "--trace",
          trace.toString());
    }
  }

  /** Returns output, log and trace, one after the other. */
  private String runInAnotherJvm(String name, String schedule) throws Exception {
    Path trace = directory.resolve(name + ".trace");
    Process process =
        start(
            name,
            JVM,
            Main.class,
            "run",
            "two-processes",
            "--dmesg",
            "--schedule",
            schedule,
            "--seed",
            "7",
            "--trace",
            trace.toString());
    int exitCode = process.waitFor();
    String said = Files.readString(directory.resolve(name + ".out"), UTF_8);
    assertThat(exitCode).isEqualTo(0);
    return said + Files.readString(trace, UTF_8);
  }

  /** Starts {@code main} in a JVM of its own; what it says is in {@code NAME.out}. */
  private Process start(String name, List<String> jvm, Class<?> main, String... args)
      throws IOException {
    return new ProcessBuilder(OtherJvm.command(jvm, main.getName(), List.of(args)))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .start();
  }
}
