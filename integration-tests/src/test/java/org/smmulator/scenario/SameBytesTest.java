package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.smmulator.script.Scenarios;

/** A run gives the same output and the same trace in two JVMs, byte for byte. */
class SameBytesTest {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

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

  /** The scenarios take the schedules in turn: what fails under one must fail alike. */
  @Test
  void twoJvmsSayTheSameOfEveryShippedScenario() throws Exception {
    Process first = start("all-1", EveryScenario.class);
    Process second = start("all-2", EveryScenario.class);

    assertThat(first.waitFor()).isEqualTo(0);
    assertThat(second.waitFor()).isEqualTo(0);
    String said = Files.readString(directory.resolve("all-1.out"), UTF_8);
    new Scenarios().names().forEach(name -> assertThat(said).contains("== " + name + " "));
    assertThat(Files.readString(directory.resolve("all-2.out"), UTF_8)).isEqualTo(said);
  }

  /** Runs every shipped scenario and prints all that it says. */
  static final class EveryScenario {
    private static final List<String> SCHEDULES = List.of("first-come", "random", "pct");

    public static void main(String[] args) {
      PrintWriter out = new PrintWriter(System.out, false, UTF_8);
      int turn = 0;
      for (String name : new Scenarios().names()) {
        String schedule = SCHEDULES.get(turn++ % SCHEDULES.size());
        out.println("== %s %s".formatted(name, schedule));
        int code =
            Main.run(out, out, "run", name, "--dmesg", "--schedule", schedule, "--seed", "7");
        out.println("== " + code);
      }
      out.flush();
    }
  }

  /** Returns output, log and trace, one after the other. */
  private String runInAnotherJvm(String name, String schedule) throws Exception {
    Path trace = directory.resolve(name + ".trace");
    Process process =
        start(
            name,
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
  private Process start(String name, Class<?> main, String... args) throws IOException {
    return new ProcessBuilder(OtherJvm.command(JVM, main.getName(), List.of(args)))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .start();
  }
}
