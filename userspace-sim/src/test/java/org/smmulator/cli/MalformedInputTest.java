package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios, options and device trees that are wrong: each is answered with the place, the cure and
 * exit code 2, without a stack trace, in less than a second.
 */
class MalformedInputTest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final String HEAD = "about: x\nprocesses:\n  p:\n";

  @TempDir Path directory;

  record Bad(String what, String text, String answer) {
    /** A short name: some texts are long. */
    @Override
    public String toString() {
      return what;
    }
  }

  // ---- scenarios

  /** A file; {@code answer} begins with the line of the place. */
  private static Bad file(String text, String answer) {
    return new Bad(answer, text, answer);
  }

  /** A file whose only step is wrong. */
  private static Bad step(String step, String answer) {
    return file(HEAD + "    - " + step + "\n", "4:" + answer);
  }

  static Stream<Bad> scenarios() {
    return Stream.of(
        file("", "1:the file is empty"),
        file("# nothing\n", "1:the file is empty"),
        file("[", "1:this is not YAML"),
        file("about: x\nprocesses: {p: [\n", "3:this is not YAML"),
        file("about: x\n\tprocesses: {}\n", "2:this is not YAML"),
        file("about: *x\n", "1:this is not YAML"),
        file("\0\0\0\0", "1:this is not YAML"),
        file("\0".repeat(1 << 20), "1:this is not YAML"),
        file("[".repeat(1_000_000), "1:nested thousands of levels deep"),
        file("3", "1:must be a mapping"),
        file("about: x\n", "1:lacks the key 'processes'"),
        file("processes: {p: []}\n", "1:lacks the key 'about'"),
        file("abuot: x\nprocesses: {p: []}\n", "1:has no key 'abuot'"),
        file(
            "about: x\nabout: y\nprocesses: {p: []}\n", "2:'about' of the scenario is given twice"),
        file("about: x\n[a]: y\nprocesses: {p: []}\n", "1:Non scalar key"),
        file("about: x\nlesson: 100\nprocesses: {p: []}\n", "2:must be a mapping, not '100'"),
        file("about: x\nboard: []\nprocesses: {p: []}\n", "2:there is no board"),
        file("about: x\nboard: pixel9\nprocesses: {p: []}\n", "2:pixel9"),
        file("about: x\nset: {sede: 1}\nprocesses: {p: []}\n", "2:sede"),
        file("about: x\nset: {seed: x}\nprocesses: {p: []}\n", "2:x"),
        file("about: x\nprocesses: []\n", "2:must be a mapping"),
        file("about: x\nprocesses: {}\n", "2:there is no process"),
        file("about: x\nprocesses: {1p: []}\n", "2:'1p' cannot name a process"),
        file("about: x\nprocesses: {abcdefghijklmnop: []}\n", "2:cannot name a process"),
        file("about: x\nprocesses: {p: 3}\n", "2:must be a list, not '3'"),
        file("about: x\nprocesses: {p: {user: bob, steps: []}}\n", "2:cannot be 'bob'"),
        file("about: x\nprocesses: {p: {user: root}}\n", "2:lacks the key 'steps'"),
        file("about: x\nprocesses: {p: []}\nafter: [{sleep: 1ms}]\n", "3:only the kernel log"),
        file("about: x\nprocesses: &p\n  p: *p\n", "3:has no key 'p'"),
        file(laughs(), "1:Number of aliases"),
        step("3", "must be a mapping, not '3'"),
        step("{}", "a step has one key, not 0"),
        step("{sleep: 1ms, exit: 0}", "a step has one key, not 2"),
        step("weit: {}", "there is no step 'weit'"),
        step("{? " + "x".repeat(500_000) + " : {}}", "there is no step 'xxx"),
        step("sleep: 5 minutes", "must be a duration"),
        step("sleep: " + "9".repeat(500_000) + "s", "a duration of at most 365 days"),
        file(HEAD + "    - sleep: " + "[".repeat(20_000), "1:nested thousands of levels deep"),
        step("exit: 256", "a number from 0 to 255"),
        step("open: renderD128", "must be a mapping"),
        step("open: {node: card0, as: 1st}", "'1st' is no name"),
        step("open: {node: card0, errno: EWHAT}", "there is no error 'EWHAT'"),
        step("close: {fd: gpu}", "p has no 'gpu' at this point"),
        step("kill: {process: q}", "there is no process 'q'"),
        step("kill: {process: p, signal: SIGHIP}", "cannot be 'SIGHIP'"),
        step("mmap: {size: 18446744073709551616}", "a size of at most 64 bits"),
        step("mmap: {size: 9223372036854775808G}", "a size of at most 64 bits"),
        step("write: {at: 0, value: 0x100000000}", "more than 32 bits"),
        step("write: {at: 'a b+', value: 0}", "is no address"),
        step("snapshot: {at: 0, size: 9223372036854775808}", "handles no range"),
        step("repeat: {}", "lacks the key 'steps'"),
        step("repeat: {times: 10001, steps: []}", "a number from 0 to 10000"),
        step(repeats(7), "more than 10000 steps"),
        step("repeat: &r {times: 2, steps: [{repeat: *r}]}", "more than 8 levels"),
        step("repeat: {times: 1, steps: [{sleep: $j}]}", "there is no index 'j'"),
        step("repeat: {each: [x], steps: [{exit: $(i*2)}]}", "no number to compute with"),
        step("repeat: {each: [9223372036854775807], steps: [{exit: $(i*9)}]}", "64 bits"),
        step("fork: {process: p, steps: []}", "there is another 'p'"),
        step("fork: &f {process: q, steps: [{fork: *f}]}", "there is another 'q'"),
        step("parallel: []", "must be a mapping"),
        step("expect: {}", "does not say what to look at"),
        step("expect: {dmesg: a, trace: b}", "looks at one thing"),
        step("expect: {dmesg: [a, b], times: 2}", "only lines with one text are counted"));
  }

  /** Lists of lists of lists: four thousand million entries if anybody walked them all. */
  private static String laughs() {
    StringBuilder yaml = new StringBuilder("about: x\nprocesses: {p: [");
    yaml.append("&a [x, x, x, x]");
    for (char name = 'b'; name < 'r'; name++) {
      String alias = "*" + (char) (name - 1);
      yaml.append(", &%c [%s, %s, %s, %s]".formatted(name, alias, alias, alias, alias));
    }
    return yaml.append("]}\n").toString();
  }

  private static String repeats(int levels) {
    return "repeat: {times: 10000, steps: [{".repeat(levels) + "sleep: 1us" + "}]}".repeat(levels);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void aScenarioThatIsWrong(Bad bad) throws Exception {
    Path file = Files.writeString(directory.resolve("bad.yaml"), bad.text());

    String answer = answer("run", file.toString());

    int colon = bad.answer().indexOf(':');
    String line = bad.answer().substring(0, colon);
    assertThat(answer).startsWith("smmulator: %s:%s:".formatted(file, line));
    assertThat(answer).contains(bad.answer().substring(colon + 1));
  }

  // ---- files that are none

  @Test
  void aFileThatIsNoText() throws Exception {
    assertThat(answer("run", directory.toString() + "/")).contains("Is a directory");
    assertThat(answer("run", directory + "/none.yaml")).contains("there is no file");
    assertThat(answer("run", "a\0b.yaml")).contains("no file can have the name");
    assertThat(answer("run", bytes("latin.yaml", new byte[] {'a', (byte) 0xe9})))
        .contains("is not text");
    assertThat(answer("run", bytes("long.yaml", new byte[(16 << 20) + 1])))
        .contains("longer than 16 MiB");
  }

  @Test
  @Timeout(20)
  void aPipeThatNobodyWritesTo() throws Exception {
    Path pipe = directory.resolve("pipe.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isEqualTo(0);

    assertThat(answer("run", pipe.toString())).contains("is no regular file");
    assertThat(answer("boot", pipe.toString().replace("yaml", "dts"))).contains("there is no file");
  }

  private String bytes(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }

  // ---- options

  static Stream<Bad> options() {
    return Stream.of(
        new Bad("no command", "", "expected a command"),
        new Bad("another command", "bots", "did you mean"),
        new Bad("another option", "run two-processes --sett a=b", "--sett"),
        new Bad("no scenario", "run", "Missing required parameter"),
        new Bad("another scenario", "run two-proceses", "did you mean 'two-processes'"),
        new Bad("no value", "run two-processes --set", "--set"),
        new Bad("no equals sign", "run two-processes --set seed", "seed"),
        new Bad("another switch", "run two-processes --set sede=1", "sede"),
        new Bad("another value", "run two-processes --set gem.backing=none", "none"),
        new Bad("a seed of letters", "run two-processes --seed x", "x"),
        new Bad("another schedule", "run two-processes --schedule fair", "fair"),
        new Bad("a trace to nowhere", "run two-processes --trace /no/such/dir/t", "/no/such/dir/t"),
        new Bad("a page to nowhere", "run two-processes --report /no/such/dir/p", "/no/such/dir/p"),
        new Bad("another board", "boot db845d", "did you mean 'db845c'"),
        new Bad("a missing tree", "boot none.dts", "there is no file"),
        new Bad("a missing blob", "topology none.dtb", "there is no file"),
        new Bad("one unknown step of two", "steps gem_new gem_inf", "did you mean 'gem_info'"),
        new Bad("another step", "steps gem_nw", "did you mean 'gem_new'"),
        new Bad("nothing to explain", "explain errno", "Missing required parameter"),
        new Bad("no explanation", "explain fsrr 1", "fsrr"),
        new Bad("no number", "explain fsr zz", "zz"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void anOptionThatIsWrong(Bad bad) throws Exception {
    String[] args = bad.text().isEmpty() ? new String[0] : bad.text().split(" ");

    assertThat(answer(args)).contains(bad.answer());
  }

  // ---- device trees

  static Stream<String> trees() {
    String root = "/dts-v1/;\n/ {\n";
    return Stream.of(
        "",
        "/dts-v1/\n",
        "/dts-v1/;\n/ {\n",
        "/dts-v1/;\n};\n",
        root + "a = <1>\n};\n",
        root + "a = <&none>;\n};\n",
        root + "a = \"open;\n};\n",
        root + "a = <0xfffffffff>;\n};\n",
        root + "a = [0];\n};\n",
        root + "n { };\nn { ;\n};\n",
        "/dts-v1/;\n/include/ \"none.dtsi\"\n/ { };\n",
        "/dts-v1/;\n/ {" + "a {".repeat(1_000_000),
        "\0".repeat(1 << 16));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void aDeviceTreeThatIsWrong(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("bad.dts"), text);

    assertThat(answer("boot", file.toString())).containsMatch("bad\\.dts(:[0-9]+:[0-9]+)?");
  }

  @Test
  void aBlobThatIsNone() throws Exception {
    assertThat(answer("boot", bytes("zeros.dtb", new byte[4096]))).contains("zeros.dtb");
    assertThat(answer("boot", bytes("short.dtb", new byte[] {(byte) 0xd0, 0x0d, (byte) 0xfe})))
        .contains("short.dtb");
    byte[] endless = new byte[64];
    Arrays.fill(endless, (byte) 0xff);
    endless[0] = (byte) 0xd0;
    endless[1] = 0x0d;
    endless[2] = (byte) 0xfe;
    endless[3] = (byte) 0xed;
    assertThat(answer("topology", bytes("endless.dtb", endless))).contains("endless.dtb");
  }

  // ---- all of them

  /** Runs a command that must be refused; returns what it says. */
  private static String answer(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    assertWithMessage("%s%s", out, err).that(code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).doesNotContain("\tat ");
    assertThat(err.toString()).doesNotContain("please report");
    assertThat(err.toString().lines().count()).isAtLeast(2); // the problem, and the cure
    assertThat(err.toString().length()).isLessThan(8_000);
    assertWithMessage("nanoseconds for %s", err).that(took).isLessThan(SECOND_NS);
    return err.toString();
  }
}
