package org.smmulator.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.smmulator.scenario.OtherJvm;

/**
 * Runs Jazzer on each target in a JVM of its own, from the inputs that are kept. What finds
 * something is written beside the log, and the run fails; what reaches new code is collected there
 * too.
 *
 * <p>Arguments: the folder of inputs, a folder for what is made, the seconds and the number of
 * inputs for each target, and the name of the only target, none for all. The seed is fixed: the
 * same number of inputs are the same inputs.
 */
final class Fuzzing {
  /** As the tests run: one carrier for virtual threads, and memory that a bad input can exhaust. */
  private static final List<String> JVM =
      List.of(
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:+EnableDynamicAgentLoading",
          "--enable-native-access=ALL-UNNAMED",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  private final Path kept;
  private final Path out;
  private final String seconds;
  private final String inputs;
  private final String only;

  private Fuzzing(List<String> args) {
    kept = Path.of(args.get(0));
    out = Path.of(args.get(1));
    seconds = args.get(2);
    inputs = args.get(3);
    only = args.size() > 4 ? args.get(4) : "";
  }

  static void main(String[] args) throws Exception {
    boolean allSound = new Fuzzing(List.of(args)).run();
    System.exit(allSound ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    boolean allSound = true;
    for (FuzzTarget target : FuzzTarget.values()) {
      if (only.isEmpty() || only.equals(target.name())) {
        allSound &= run(target);
      }
    }
    return allSound;
  }

  private boolean run(FuzzTarget target) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(out.resolve(target.name()));
    Path found = Files.createDirectories(folder.resolve("corpus"));
    Path log = folder.resolve("log.txt");
    int status =
        new ProcessBuilder(command(target, folder, found))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    List<String> lines = Files.readAllLines(log);
    if (status == 0) {
      System.out.println(target + ": " + last(lines, "Done ") + "; " + last(lines, "DONE"));
    } else {
      System.out.println(target + ": status " + status + ", see " + log);
      lines.stream().filter(line -> line.startsWith("== ")).forEach(System.out::println);
    }
    return status == 0;
  }

  private List<String> command(FuzzTarget target, Path folder, Path found) {
    return OtherJvm.command(
        JVM,
        "com.code_intelligence.jazzer.Jazzer",
        List.of(
            "--target_class=" + target.className(),
            "--instrumentation_includes=" + target.covered(),
            "--custom_hook_includes=" + target.covered(),
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + folder + "/",
            "-seed=1",
            "-timeout=120",
            "-rss_limit_mb=4096",
            "-max_len=8192",
            "-max_total_time=" + seconds,
            "-runs=" + inputs,
            found.toString(),
            target.corpus(kept).toString()));
  }

  private static String last(List<String> lines, String word) {
    return lines.stream().filter(line -> line.contains(word)).reduce("", (a, b) -> b).strip();
  }
}
