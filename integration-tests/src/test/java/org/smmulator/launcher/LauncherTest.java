package org.smmulator.launcher;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First runs, two of them, interrupted ones, copies, and folders that cannot be written. */
class LauncherTest {
  /** The house's root; tests run in a module's folder. */
  private static final Path LAUNCHER = Path.of("..", "smmulator").toAbsolutePath().normalize();

  @TempDir Path temp;
  private Path house = Path.of("");
  private Path tools = Path.of("");

  @BeforeEach
  void aHouseWithoutABuild() throws IOException {
    house = Files.createDirectory(temp.resolve("a house"));
    Files.copy(LAUNCHER, house.resolve("smmulator"));
    executable(house.resolve("smmulator"));
    write(house.resolve("pom.xml"), "<project/>");
    for (String module :
        List.of("kernel-core", "iommu", "drm-msm", "drm-exynos", "userspace-sim")) {
      write(house.resolve(module).resolve("pom.xml"), "<project/>");
      Files.createDirectories(house.resolve(module).resolve("src/main"));
    }
    tools = Files.createDirectories(temp.resolve("jdk"));
    write(tools.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(tools.resolve("bin/javac"), "exit 0");
    script(
        tools.resolve("bin/java"),
        """
        for word in "$@"; do
          case $word in -XX:AOTCacheOutput=*) : >"${word#*=}" ;; esac
        done
        echo "ran $*"\
        """);
    mavenThat(
        """
        echo '[INFO] Building smmulator: kernel-core 0.1.0 [1/2]'
        echo '[INFO] Building smmulator: userspace-sim 0.1.0 [2/2]'
        mkdir -p userspace-sim/target/lib
        echo jar >userspace-sim/target/userspace-sim.jar
        echo jar >userspace-sim/target/lib/guava.jar
        printf lib/guava.jar >userspace-sim/target/launcher.classpath\
        """);
  }

  @Test
  void theFirstRunSaysWhatItBuildsAndHowLongItTook() throws Exception {
    Ended first = launch("boards");

    assertThat(first.err)
        .matches(
            """
            smmulator: building, once; it takes about a minute \\.\\.\\.
            smmulator:   kernel-core
            smmulator:   userspace-sim
            smmulator: built in \\d+ s
            """);
    assertThat(first.out).endsWith("org.smmulator.cli.Main boards\n");
    assertThat(first.code).isEqualTo(0);
    assertThat(calls()).containsExactly(calledMaven());
  }

  @Test
  void testsAreNotCompiledForIt() throws Exception {
    var _ = launch("boards");

    assertThat(calls().getFirst()).contains("-Dmaven.test.skip=true");
  }

  @Test
  void theSecondRunBuildsNothing() throws Exception {
    var _ = launch("boards");
    Ended second = launch("boards");

    assertThat(second.err).isEmpty();
    assertThat(calls()).hasSize(1);
  }

  @Test
  void anEditOfAnyModuleBuildsAgain() throws Exception {
    var _ = launch("boards");
    Path edited = house.resolve("iommu/src/main/Iommu.java");
    write(edited, "class Iommu {}");
    Files.setLastModifiedTime(edited, FileTime.from(Instant.now().plusSeconds(5)));

    var _ = launch("boards");

    assertThat(calls()).hasSize(2);
  }

  @Test
  void twoFirstRunsBuildOnce() throws Exception {
    mavenThat("sleep 1\n" + Files.readString(tools.resolve("mvn.body")));
    Process one = start("boards");
    Process other = start("boards");

    assertThat(Ended.of(one).code).isEqualTo(0);
    assertThat(Ended.of(other).code).isEqualTo(0);
    assertThat(calls()).hasSize(1);
  }

  @Test
  void aBuildThatWasInterruptedIsBegunAnew() throws Exception {
    // It leaves a jar, its lock with the number of a process that has ended, and no class path.
    write(house.resolve("userspace-sim/target/userspace-sim.jar"), "half of a");
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isEqualTo(0);
    write(house.resolve(".smmulator-build/pid"), gone.pid() + "\n");

    assertThat(launch("boards").code).isEqualTo(0);

    assertThat(calls()).hasSize(1);
    assertThat(Files.exists(house.resolve(".smmulator-build"))).isFalse();
  }

  @Test
  void aBuildThatFailsShowsWhatMavenSaid() throws Exception {
    mavenThat("echo '[ERROR] no such repository'; exit 1");

    Ended failed = launch("boards");

    assertThat(failed.code).isEqualTo(2);
    assertThat(failed.err).contains("[ERROR] no such repository\n");
    assertThat(failed.err).endsWith("smmulator: the build failed; its output is above.\n");
    assertThat(launch("boards").code).isEqualTo(2); // and no mark of it is left behind
  }

  @Test
  void aCopyHasAnArchiveOfItsOwn() throws Exception {
    var _ = launch("boards");
    Path original = house;
    house = temp.resolve("copy");
    copy(original, house);

    Ended copied = launch("boards");

    assertThat(copied.err).isEmpty();
    assertThat(archives(house)).hasSize(1);
    assertThat(archives(house)).isNotEqualTo(archives(original));
  }

  @Test
  void aLibraryThatChangedHasANewArchive() throws Exception {
    var _ = launch("boards");
    List<String> before = archives(house);
    write(house.resolve("userspace-sim/target/lib/guava.jar"), "another jar");

    var _ = launch("boards");

    assertThat(archives(house)).hasSize(1);
    assertThat(archives(house)).isNotEqualTo(before);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    assertThat(house.toFile().setWritable(false)).isTrue();
    readableByOthers(temp);
    try {
      Ended refused = Ended.of(start(withoutRootsRights(), "boards"));

      assertThat(refused.code).isEqualTo(2);
      assertThat(refused.err)
          .isEqualTo(
              """
              smmulator: it must be built once, and %s cannot be written.
                Build it as somebody who may write there, or copy the folder to a place of your own.
              """
                  .formatted(house));
    } finally {
      assertThat(house.toFile().setWritable(true)).isTrue();
    }
  }

  /** The words before a command that have root, who may write everywhere, run it as nobody. */
  private static List<String> withoutRootsRights() {
    return "root".equals(System.getProperty("user.name"))
        ? List.of("setpriv", "--reuid=65534", "--clear-groups")
        : List.of();
  }

  private static void readableByOthers(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** An expectation that fails is 1; a JVM that does not start ends with the same number. */
  @Test
  void aJvmThatDoesNotStartIsNoFailedExpectation() throws Exception {
    var _ = launch("boards");
    script(tools.resolve("bin/java"), "echo 'Could not create the JVM' >&2; exit 1");

    Ended refused = launch("boards");

    assertThat(refused.code).isEqualTo(2);
    assertThat(refused.err).contains("Could not create the JVM\n");
    assertThat(refused.err).contains("the JVM does not start the program");
  }

  @Test
  void aRunWhoseExpectationFailsEndsWithItsOwnNumber() throws Exception {
    var _ = launch("boards");
    script(tools.resolve("bin/java"), "case $* in *--version*) exit 0 ;; *) exit 1 ;; esac");

    Ended failed = launch("run", "x.yaml");

    assertThat(failed.code).isEqualTo(1);
    assertThat(failed.err).isEmpty();
  }

  /** The JVM takes the names of files apart as the locale says: in that of C, an umlaut is none. */
  @ParameterizedTest
  @CsvSource({
    "C, C.UTF-8",
    "POSIX, C.UTF-8",
    "de_DE.ISO-8859-1, C.UTF-8",
    "de_DE.utf8, de_DE.utf8"
  })
  void namesOfFilesAreUtf8InEveryLocale(String asked, String given) throws Exception {
    var _ = launch("boards");
    script(tools.resolve("bin/java"), "echo \"in ${LC_ALL:-$LANG} ran $*\"");

    Ended ran =
        Ended.of(
            start(
                List.of("env", "-u", "LC_CTYPE", "-u", "LC_ALL", "LANG=" + asked),
                "run",
                "übung.yaml"));

    assertThat(ran.out).startsWith("in " + given + " ran ");
    assertThat(ran.out).endsWith(" run übung.yaml\n");
  }

  // ---- what is asked of the tools

  private void mavenThat(String body) throws IOException {
    write(tools.resolve("mvn.body"), body);
    script(
        tools.resolve("bin/mvn"),
        "printf '%s\\n' \"mvn $*\" >>'" + tools.resolve("calls") + "'\n" + body);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(tools.resolve("calls"));
  }

  private static String calledMaven() {
    return "mvn -B package -Dmaven.test.skip=true -Dspotless.check.skip=true -pl userspace-sim -am";
  }

  private static List<String> archives(Path house) throws IOException {
    try (Stream<Path> files = Files.list(house.resolve("userspace-sim/target"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".aot"))
          .toList();
    }
  }

  // ---- running it

  private record Ended(int code, String out, String err) {
    static Ended of(Process process) throws Exception {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), out, err);
    }
  }

  private Ended launch(String... arguments) throws Exception {
    return Ended.of(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Process start(List<String> before, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(house.resolve("smmulator").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.remove("SMMULATOR_JAVA_HOME");
    environment.put("JAVA_HOME", tools.toString());
    environment.put("PATH", tools.resolve("bin") + ":" + environment.get("PATH"));
    return builder.start();
  }

  // ---- files

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/sh\n" + body + "\n");
    executable(file);
  }

  private static void executable(Path file) {
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
