package org.smmulator.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks and the C twin, and prints one table with their ratios. What JMH itself
 * prints goes to a file.
 *
 * <p>Arguments: the directory of {@code twin.c}, a directory for what is made, a pattern of names
 * (empty for all), and {@code quick} or something else.
 */
final class Benchmarks {
  private final Path sources;
  private final Path out;
  private final String only;
  private final boolean quick;

  private Benchmarks(List<String> args) {
    sources = Path.of(args.get(0));
    out = Path.of(args.get(1));
    only = args.get(2);
    quick = args.get(3).equals("quick");
  }

  static void main(String[] args) throws Exception {
    new Benchmarks(List.of(args)).run(System.out);
  }

  private void run(PrintStream to) throws IOException, InterruptedException, RunnerException {
    Files.createDirectories(out);
    ImmutableMap<String, Double> twin = twinTimes();
    Path raw = out.resolve("jmh.txt");
    Collection<RunResult> results = new Runner(options(raw)).run();
    to.printf(Locale.ROOT, "%-44s %14s %14s %8s%n", "benchmark", "here, ns", "C twin, ns", "ratio");
    for (RunResult result : results) {
      to.println(line(result, twin));
    }
    to.println("JMH's own words: " + raw);
  }

  private Options options(Path raw) {
    TimeValue each = quick ? TimeValue.milliseconds(200) : TimeValue.seconds(1);
    return new OptionsBuilder()
        .include("org\\.smmulator\\.bench\\..*" + only)
        .forks(1)
        .jvmArgs("-Xmx4g", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
        .warmupIterations(quick ? 2 : 5)
        .warmupTime(each)
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(each)
        .output(raw.toString())
        .build();
  }

  private static String line(RunResult result, ImmutableMap<String, Double> twin) {
    String name = result.getParams().getBenchmark().replace("org.smmulator.bench.", "");
    String parameters =
        result.getParams().getParamsKeys().stream()
            .map(key -> " " + key + "=" + result.getParams().getParam(key))
            .collect(Collectors.joining());
    double here = result.getPrimaryResult().getScore();
    Double inC = twin.get(name.substring(name.indexOf('.') + 1));
    return String.format(
        Locale.ROOT,
        "%-44s %14.2f %14s %8s",
        name + parameters,
        here,
        inNs(inC),
        inC == null ? "-" : String.format(Locale.ROOT, "%.2f", here / inC));
  }

  private static String inNs(@Nullable Double ns) {
    return ns == null ? "-" : String.format(Locale.ROOT, "%.2f", ns);
  }

  /** Compiles and runs {@code twin.c}; without a compiler there is nothing to compare with. */
  private ImmutableMap<String, Double> twinTimes() throws IOException, InterruptedException {
    Path program = out.resolve("twin");
    Path source = sources.resolve("twin.c");
    String compiled =
        output("cc", "-O2", "-march=native", "-o", program.toString(), source.toString());
    if (!compiled.isEmpty()) {
      throw new IOException("cc: " + compiled);
    }
    ImmutableMap.Builder<String, Double> times = ImmutableMap.builder();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(output(program.toString()))) {
      int space = line.indexOf(' ');
      times.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
    }
    return times.buildOrThrow();
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": status " + status + "\n" + text);
    }
    return text;
  }
}
