package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.cli.Main;

/** A run gives the same output and the same trace in two JVMs, byte for byte. */
class SameBytesTest {
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

  /** Returns output, log and trace, one after the other. */
  private String runInAnotherJvm(String name, String schedule) throws Exception {
    Path trace = directory.resolve(name + ".trace");
    Path out = directory.resolve(name + ".out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "two-processes",
                "--dmesg",
                "--schedule",
                schedule,
                "--seed",
                "7",
                "--trace",
                trace.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int exitCode = process.waitFor();
    String said = Files.readString(out, UTF_8);
    assertThat(exitCode).isEqualTo(0);
    return said + Files.readString(trace, UTF_8);
  }
}
