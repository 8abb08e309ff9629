package org.smmulator.docs;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.Events;
import org.smmulator.cli.ExitCode;
import org.smmulator.docs.Guide.Block;
import org.smmulator.junit.SuiteRun;
import org.smmulator.scenario.CommandRun;

/**
 * Every block of code of the guides does what the guide says: files are written, commands run and
 * succeed, classes compile and their tests pass, and what a POM needs stands in the sample's.
 */
class GuidesTest {
  private static final Path GUIDES = Path.of("..", "docs");
  private static final Path SAMPLE = Path.of("src", "sample", "pom.xml");
  private static final String COMMAND = "./smmulator ";
  private static final Pattern CLASS = Pattern.compile("(?m)^(?:final )?class (\\w+)");
  private static final Pattern BOARD = Pattern.compile("@Board\\(\"([^\"]*\\.dts)\"\\)");
  private static final ImmutableSet<String> FILES =
      ImmutableSet.of("yaml", "dts", "html", "perfetto-trace");

  @TempDir private Path folder;

  static List<Path> guides() throws IOException {
    try (Stream<Path> files = Files.list(GUIDES)) {
      return files.filter(file -> !file.endsWith("README.md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("guides")
  void everyBlockDoesWhatItSays(Path guide) throws Exception {
    ImmutableList<Block> blocks = Guide.read(guide).blocks();

    assertThat(blocks).isNotEmpty();
    for (Block block : blocks) {
      String place = guide + ":" + block.line();
      switch (block.language()) {
        case "yaml", "dts" -> Files.writeString(folder.resolve(block.file()), block.text());
        case "sh" -> block.text().lines().forEach(line -> run(place, line));
        case "java" -> compileAndTest(place, block.text());
        case "xml" ->
            assertWithMessage(place).that(Files.readString(SAMPLE)).contains(block.text().strip());
        default -> throw new AssertionError(place + ": nobody tries '" + block.language() + "'");
      }
    }
    assertThatEveryFileIsUsed(blocks);
  }

  private void run(String place, String line) {
    assertWithMessage(place).that(line).startsWith(COMMAND);
    String[] words =
        Arrays.stream(line.substring(COMMAND.length()).split(" "))
            .map(this::inFolder)
            .toArray(String[]::new);
    CommandRun run = CommandRun.of(words);
    assertWithMessage("%s: %s\n%s%s", place, line, run.out(), run.err())
        .that(run.exitCode())
        .isEqualTo(ExitCode.OK);
  }

  private String inFolder(String word) {
    return FILES.contains(word.substring(word.lastIndexOf('.') + 1))
        ? folder.resolve(word).toString()
        : word;
  }

  private static void assertThatEveryFileIsUsed(ImmutableList<Block> blocks) {
    for (Block block : blocks) {
      if (FILES.contains(block.language())) {
        assertWithMessage("%s, but for its own first line", block.file())
            .that(blocks.stream().filter(each -> each.text().contains(block.file())).count())
            .isAtLeast(2);
      }
    }
  }

  private void compileAndTest(String place, String text) throws Exception {
    String source =
        BOARD
            .matcher(text)
            .replaceAll(board -> "@Board(\"%s\")".formatted(inFolder(board.group(1))));
    Matcher name = CLASS.matcher(source);
    assertWithMessage(place).that(name.find()).isTrue();
    Path file = folder.resolve(name.group(1) + ".java");
    Files.writeString(file, source);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(place, file, classes);
    if (!source.contains("@Test")) {
      return;
    }
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, GuidesTest.class.getClassLoader())) {
      Class<?> suite = loader.loadClass("guide." + name.group(1));
      Events tests = SuiteRun.of(suite);
      assertWithMessage("%s: %s", place, tests.failed().list())
          .that(tests.failed().count())
          .isEqualTo(0);
      assertThat(tests.succeeded().count()).isAtLeast(1);
    }
  }

  private static void compile(String place, Path file, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-parameters", "-proc:none", "-d", classes.toString()),
                  null,
                  files.getJavaFileObjects(file))
              .call();
      assertWithMessage("%s:\n%s", place, said).that(compiled).isTrue();
    }
  }
}
