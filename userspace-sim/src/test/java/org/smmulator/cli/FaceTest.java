package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page, the picture of a board, homework and records of queues. */
class FaceTest extends CommandTest {
  @TempDir Path directory;

  @Test
  void theManualPageHasEveryCommandWithItsOptions() {
    assertThat(run("man")).isEqualTo(ExitCode.OK);

    String page = out.toString();
    assertThat(page).startsWith(".TH SMMULATOR 1 ");
    new CommandLine(new SmmulatorCommand(new PrintWriter(out)))
        .getSubcommands()
        .forEach((name, command) -> {
          assertWithMessage(name).that(page).contains("\n.SS \"" + name + "\"\n");
          for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
              assertWithMessage("%s %s", name, option)
                  .that(page)
                  .contains(option.longestName().replace("-", "\\-"));
            }
          }
        });
    assertThat(page).contains(".SH EXIT STATUS\n.TP\n.B \"0\"\nas expected\n");
    for (String line : page.lines().toList()) {
      assertWithMessage(line).that(line).doesNotContainMatch("^'|[^\\\\]-");
      assertWithMessage(line).that(line).doesNotContainMatch("^\\.(?!TH|SH|SS|PP|TP|B |EX|EE)");
    }
  }

  @Test
  void theTopologyIsDrawn() throws Exception {
    Path picture = directory.resolve("board.svg");

    assertThat(run("topology", "db845c", "--svg", picture.toString())).isEqualTo(ExitCode.OK);

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(Files.readString(picture).getBytes(UTF_8)));
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    String text = svg.getDocumentElement().getTextContent();
    assertThat(text).contains("5000000.gpu  stream 0x0");
    assertThat(text).contains("5040000.iommu");
    assertThat(text).contains("group 0, default ");
    assertBadInput(
        "cannot be written",
        "topology",
        "db845c",
        "--svg",
        directory.resolve("no/where.svg").toString());
  }

  /** What the launcher says of the terminal. */
  @Test
  void onANarrowTerminalEveryListIsWrapped() {
    System.setProperty("smmulator.terminal", "out");
    System.setProperty("smmulator.columns", "60");
    try {
      for (List<String> command :
          List.of(
              List.of("steps"),
              List.of("steps", "submit"),
              List.of("boot", "virt"),
              List.of("topology", "virt"),
              List.of("switches"),
              List.of("exercise", "iova"),
              List.of("explain", "lpae", "3:0x60000080000f47"),
              List.of("walk", "two-processes", "--process", "painter", "--address", "canvas"))) {
        out.getBuffer().setLength(0);
        assertThat(run(command.toArray(String[]::new))).isEqualTo(ExitCode.OK);
        assertWithMessage("%s", command)
            .that(out.toString().lines().mapToInt(String::length).max().orElse(0))
            .isAtMost(60);
      }
    } finally {
      System.clearProperty("smmulator.terminal");
      System.clearProperty("smmulator.columns");
    }
  }

  @Test
  void homeworkIsTheSameForTheSameSeedAndIsAnsweredOnDemand() {
    assertThat(run("exercise", "iova", "--seed", "3")).isEqualTo(ExitCode.OK);
    String asked = out.toString();
    assertThat(asked).contains("smmulator exercise iova --seed 3 -c\n");
    assertThat(asked).doesNotContain("->");

    out.getBuffer().setLength(0);
    assertThat(run("exercise", "iova", "--seed", "3", "-c")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("    -> 0xf");

    assertBadInput("did you mean 'iova'?", "exercise", "iov");
    assertBadInput("'x' is no number", "exercise", "iova", "--seed", "x");
  }

  /** Fields of Arm IHI 0070, 7.3; the sentence is {@code arm_smmu_dump_event()}'s. */
  @Test
  void anEventOfAnSmmuV3IsReadFromItsFourWords() {
    assertThat(
            run(
                "explain",
                "event",
                "0x0000010000002810",
                "0x0000020880000005",
                "0x0000000012345000",
                "0"))
        .isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .isEqualTo(
            """
            event 0x10 F_TRANSLATION
              event: F_TRANSLATION client: (unassigned sid) sid: 0x100 ssid: 0x2 iova: 0x12345000 ipa: 0x0
              unpriv data read s1 "Input address caused fault" stall stag: 0x5
              It is stalled: CMD_RESUME with its StreamID and STAG lets it go on or end.
            """);
    assertBadInput("3 words make no event of 4", "explain", "event", "1", "2", "3");
  }

  /** Opcodes and fields of Arm IHI 0070, chapter 4. */
  @Test
  void aCommandOfAnSmmuV3IsReadFromItsTwoWords() {
    assertThat(run("explain", "command", "0x0005000000000012", "0x12345001", "0x46", "0"))
        .isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .isEqualTo("CMD_TLBI_NH_VA VMID=0x0 ASID=0x5 VA=0x12345000 Leaf\nCMD_SYNC SIG_NONE\n");
    assertBadInput("1 words make no command of 2", "explain", "command", "0x46");
  }

  /** {@code DMA_BUF_IOCTL_SYNC}, {@code SYNC_IOC_MERGE} of the kernel's headers. */
  @Test
  void ioctlsOfSharedBuffersAndOfFencesAreNamedToo() {
    assertThat(run("explain", "ioctl", "0x40086200", "0xc0303e03", "0x40086201"))
        .isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("DMA_BUF_IOCTL_SYNC: ");
    assertThat(out.toString()).contains("SYNC_IOC_MERGE: ");
    assertThat(out.toString()).contains("DMA_BUF_SET_NAME_B: ");
  }

  @Test
  void anErrnoIsToldInTheContextOfADriversCall() {
    assertThat(run("explain", "errno", "-32", "msm", "submit")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("EPIPE is errno 32: Broken pipe.");
    assertThat(out.toString()).endsWith("has made the context unusable\n");

    out.getBuffer().setLength(0);
    assertThat(run("explain", "errno", "ETIMEDOUT", "msm")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("  gem_cpu_prep  the GPU used the buffer");
    assertThat(out.toString()).contains("  wait_fence    the fence had not");

    assertBadInput("did you mean 'submit'?", "explain", "errno", "EINVAL", "msm", "sumbit");
    assertBadInput("never gives ENOSPC itself", "explain", "errno", "ENOSPC", "msm", "submit");
  }

  /** Kernel: {@code a6xx_fault_block()}. */
  @Test
  void theBlockBehindAFaultOfAnA6xxIsNamed() {
    assertThat(run("explain", "fsynr1", "0x00000004", "0x107")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("FSYNR1 0x00000004: ");
    assertThat(out.toString()).contains("(CCU)");
    assertThat(out.toString()).contains("(GMU)");
  }
}
