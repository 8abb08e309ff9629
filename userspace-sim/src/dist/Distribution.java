import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Lays out what a machine without a JDK can run: {@code bin}, {@code lib} and a {@code runtime}
 * that has the modules which the jars use; and the files of an image that has nothing else but a C
 * library.
 *
 * <p>Arguments: the folder of the build, the repository's root, and the moment that every file
 * bears.
 */
final class Distribution {
  /** As the launcher of the repository has them, for reasons given there. */
  private static final String JVM_OPTIONS =
      "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
          + " -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr -Xlog:cds*=off:stderr"
          + " --enable-native-access=ALL-UNNAMED"
          + " -Djdk.virtualThreadScheduler.parallelism=1"
          + " -Djdk.virtualThreadScheduler.maxPoolSize=1";

  /** What a JVM without a screen loads of the machine that it was linked on, as ldd prints it. */
  private static final Pattern C_LIBRARY =
      Pattern.compile("(/\\S*/(?:ld-linux[^/ ]*|lib(?:c|m|dl|pthread|rt))\\.so\\.\\d) \\(");

  private final Path build;
  private final Path root;
  private final Path home;
  private final Path image;

  private Distribution(Path build, Path root) {
    this.build = build;
    this.root = root;
    this.home = build.resolve("dist");
    this.image = build.resolve("dist-image");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Distribution distribution = new Distribution(Path.of(args[0]), Path.of(args[1]));
    FileTime moment = FileTime.from(Instant.parse(args[2]));
    distribution.clear();
    distribution.copyProgram();
    distribution.linkRuntime();
    touch(distribution.home, moment);
    // The archive of loaded classes holds for jars and a runtime of exactly these times.
    distribution.archiveClasses();
    touch(distribution.home, moment);
    distribution.layOutImage();
  }

  private void clear() throws IOException {
    for (Path folder : List.of(home, image)) {
      if (Files.exists(folder)) {
        for (Path path : below(folder).reversed()) {
          Files.delete(path);
        }
      }
    }
  }

  private void copyProgram() throws IOException {
    Path lib = Files.createDirectories(home.resolve("lib"));
    for (Path jar : jars()) {
      Files.copy(jar, lib.resolve(jar.getFileName()));
    }
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.copy(
        root.resolve("userspace-sim/src/dist/smmulator"),
        bin.resolve("smmulator"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(root.resolve("LICENSE"), home.resolve("LICENSE"));
  }

  private List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>(List.of(build.resolve("userspace-sim.jar")));
    for (String jar : Files.readString(build.resolve("launcher.classpath")).strip().split(":")) {
      jars.add(build.resolve(jar));
    }
    return jars;
  }

  private void linkRuntime() throws IOException {
    List<Path> jars = jars();
    List<String> jdeps =
        new ArrayList<>(
            List.of("--print-module-deps", "--ignore-missing-deps", "--multi-release", "25"));
    jars.forEach(jar -> jdeps.add(jar.toString()));
    String modules = run("jdeps", jdeps).strip();
    run(
        "jlink",
        List.of(
            "--add-modules=" + modules,
            "--add-options=" + JVM_OPTIONS,
            "--compress=zip-6",
            "--no-header-files",
            "--no-man-pages",
            "--strip-debug",
            "--output=" + home.resolve("runtime")));
  }

  private static String run(String name, List<String> arguments) {
    ToolProvider tool = ToolProvider.findFirst(name).orElseThrow();
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    if (tool.run(writer, writer, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(name + " " + arguments + "\n" + output);
    }
    return output.toString();
  }

  /** By the launcher itself, whose class path and options the archive must agree with. */
  private void archiveClasses() throws IOException, InterruptedException {
    Path archive = home.resolve("lib/smmulator.aot");
    ProcessBuilder training =
        new ProcessBuilder(home.resolve("bin/smmulator").toString(), "run", "two-processes");
    training.environment().put("JDK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + archive);
    await(training);
    if (!Files.exists(archive)) {
      throw new IllegalStateException("no archive of classes was made: " + archive);
    }
  }

  private static String await(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(builder.command() + "\n" + output);
    }
    return output;
  }

  private void layOutImage() throws IOException, InterruptedException {
    copyTree(home.resolve("runtime"), image.resolve("runtime"));
    List<Path> binaries = new ArrayList<>();
    for (Path file : below(image.resolve("runtime"))) {
      if (file.toString().endsWith(".so") || file.endsWith("bin/java")) {
        binaries.add(file);
      }
    }
    for (Path binary : binaries) {
      Matcher library = C_LIBRARY.matcher(await(new ProcessBuilder("ldd", binary.toString())));
      while (library.find()) {
        Path there = image.resolve(library.group(1).substring(1));
        Files.createDirectories(there.getParent());
        Files.copy(Path.of(library.group(1)), there, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.createDirectories(image.resolve("tmp"));
  }

  private static void copyTree(Path from, Path to) throws IOException {
    for (Path path : below(from)) {
      Path there = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectories(there);
      } else {
        Files.copy(path, there, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void touch(Path folder, FileTime moment) throws IOException {
    for (Path path : below(folder)) {
      Files.setLastModifiedTime(path, moment);
    }
  }

  /** The folder, and all that it holds, the folder of a file before the file. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
