package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ObjectArrays;
import com.google.common.collect.Range;
import java.awt.image.BufferedImage;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command has its output and its exit code. */
class CommandLineTest extends CommandTest {
  /** Pixels of a picture twice as large that a scaler of eight taps mixes across an edge. */
  private static final int FILTER_REACH = 8;

  @TempDir Path directory;

  @Test
  void boardsAreListedWithWhatTheyAre() {
    assertThat(run("boards")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("db845c     Thundercomm Dragonboard 845c");
  }

  @Test
  void scenariosAreListedWithTheirLessonsTitlesAndByBareNames() {
    assertThat(run("scenarios")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains(" two-processes     Two processes, one address, two pagetables");

    out.getBuffer().setLength(0);
    assertThat(run("scenarios", "--names")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines())
        .containsAtLeast(
            "exynos-fill",
            "fault-storm",
            "hang",
            "priorities",
            "scaled-and-turned",
            "shrink",
            "stray-access",
            "two-files-two-engines",
            "two-processes",
            "vm-bind")
        .inOrder();
  }

  @Test
  void theVersionAndTheHelpAreNoErrors() {
    assertThat(run("--version")).isEqualTo(ExitCode.OK);
    assertThat(run("--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("Exit codes:");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(run()).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString()).contains("expected a command");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearestOne() {
    assertThat(run("bords")).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString()).contains("did you mean 'boards'?");
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void stepsAreListedByVocabulary() {
    assertThat(run("steps")).isEqualTo(ExitCode.OK);

    assertThat(out.toString().lines())
        .containsAtLeast("core", "drm", "kms", "msm", "exynos")
        .inOrder();
    assertThat(out.toString()).containsMatch("step +gem_new +\\S");
  }

  @Test
  void aStepIsExplainedWithItsFields() {
    assertThat(run("steps", "gem_new")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).startsWith("step gem_new: ");
    assertThat(out.toString()).containsMatch("  size +.*, required");
    assertThat(out.toString()).containsMatch("  errno +the name of an error, optional");
  }

  @Test
  void theKeysOfAFilePartsOfAStepAndVocabulariesAreExplainedToo() {
    assertThat(run("steps", "processes", "mem_write", "kms.lease")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).startsWith("key processes: What each process does, by its name.");
    assertThat(out.toString()).contains("in 'commands' of submit: mem_write: Stores 32-bit values");
    assertThat(out.toString()).containsMatch("kms.lease\n  step +create_lease ");
    assertThat(out.toString()).doesNotContain("gem_new");
  }

  @Test
  void theListBeginsWithTheKeysOfAFile() {
    assertThat(run("steps")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).containsMatch("^file\n  key +about +Its title, one line.\n");
  }

  @Test
  void aMistypedStepIsAnsweredWithTheNearestOneAndNoWallOfNames() {
    assertThat(run("steps", "gem_nw")).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString())
        .isEqualTo(
            """
            smmulator: there is no step or expectation 'gem_nw'
              did you mean 'gem_new'?
              all of them: smmulator steps
              see: smmulator --help
            """);
  }

  @Test
  void aFileOfAnotherKindIsToldFromAnUnknownName() {
    assertBadInput("'/tmp' is not named like a device tree", "topology", "/tmp");
    assertBadInput(
        "is a story in Java, which only 'run' tells",
        "walk",
        "Painting.java",
        "--process=painter",
        "--address=0");
  }

  @Test
  void twoLettersTheWrongWayRoundAreOneMistake() {
    assertBadInput("did you mean 'tlb'?", "exercise", "tbl");
  }

  @Test
  void anErrorIsAskedOfADriverThatIsThere() {
    assertBadInput(
        "'nvidia' is neither an error nor a driver\n  the drivers are msm, exynos",
        "explain",
        "errno",
        "EINVAL",
        "nvidia");
    assertThat(out.toString()).isEmpty();
    assertBadInput("'more' is too much", "explain", "errno", "EINVAL", "msm", "submit", "more");
  }

  @Test
  void theBeginningOfANameIsEnoughForAGuess() {
    assertBadInput("did you mean 'opt-out-2018'?", "debate", "opt-out");
    assertBadInput("did you mean 'pgsize-2015-global-", "run", "pgsize-2015-global");
    assertBadInput("words is like it; 'smmulator scenarios' lists them", "run", "xxxxxxxx");
  }

  @Test
  void aSwitchIsShownAloneWithWhoProposedEachOfItsValues() {
    assertThat(run("switches", "iommu.pgsize")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).startsWith("iommu.pgsize ");
    assertThat(out.toString()).containsMatch("      merged +.* \\(Joerg Roedel, 2015\\)\n");
    assertThat(out.toString()).doesNotContain("iommu.map-split");
    assertBadInput("did you mean 'iommu.pgsize'?", "switches", "iommu.pgsise");
  }

  @Test
  void anArgumentIsToldAndWithoutANameAllAreListed() {
    assertThat(run("debate")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).containsMatch("dma-domain-2014 +Who owns the DMA domain");

    assertThat(run("debate", "dma-domain-2014")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("observed   other a080000.copy sees 0x5ec2e7 at owner.mapped");
    assertBadInput("did you mean 'exynos-2018'?", "debate", "exynos-2081");
  }

  @Test
  void aShellCompletesCommandsAndTheirOptions() {
    assertThat(run("completion")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).startsWith("#!/usr/bin/env bash\n");
    assertThat(out.toString()).containsMatch("commands=\".*debate.*\"");
    assertThat(out.toString()).contains("--cat-at");
    assertThat(out.toString()).doesNotContain("--shard");
  }

  @Test
  void theSchemaIsPrintedAsJson() throws IOException {
    assertThat(run("schema")).isEqualTo(ExitCode.OK);

    JsonNode schema = new ObjectMapper().readTree(out.toString());
    assertThat(schema.at("/$schema").asText()).contains("draft/2020-12");
    assertThat(schema.at("/$defs/step.gem_new/properties/size").isObject()).isTrue();
  }

  @Test
  void switchesAreListedWithWhatLinuxDoesAndWhatElseThereIs() {
    assertThat(run("switches")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsMatch(
            "arch\\.dma-domain +per-device +of per-device, per-iommu-instance, listed-devices");
  }

  @Test
  void bootingPrintsTheKernelsLogAndTheTreeOfDevices() {
    assertThat(run("boot", "db845c")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("arm-smmu 5040000.iommu: probing hardware configuration...");
    assertThat(out.toString()).containsMatch("5000000\\.gpu .* 0 ");
  }

  @Test
  void aFileOrADirectoryOfTheBootedMachineIsShown() {
    assertThat(
            run(
                "boot",
                "virt",
                "--cat",
                "/sys/kernel/iommu_groups/1",
                "--cat",
                "/sys/kernel/debug/iommu/1/table"))
        .isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("/sys/kernel/iommu_groups/1\ndevices\nreserved_regions\ntype\n");
    assertThat(out.toString())
        .contains(
            """
            /sys/kernel/debug/iommu/1/table
            0x0000000010000000-0x00000000101fffff -> 0x000000007f000000 128 x 16K r-
            """);
    assertBadInput(
        "'/sys/nothing' cannot be read: ENOENT", "boot", "virt", "--cat", "/sys/nothing");
    assertBadInput("look around from '/sys/kernel'", "boot", "virt", "--cat", "/dev/sgusb0/x");
  }

  @Test
  void theTopologyTellsEachMastersStreamsGroupAndDomains() {
    assertThat(run("topology", "db845c")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsMatch(
            "5000000\\.gpu +5040000\\.iommu +\\S.* 0 +identity +unmanaged, context bank 0");
    assertThat(out.toString()).containsMatch("506a000\\.gmu +5040000\\.iommu .* identity");
    assertThat(out.toString()).contains("2 masters, 2 of them in a group");
    assertBadInput("did you mean 'db845c'?", "topology", "db845");
  }

  @Test
  void theTopologySaysWhyAMasterIsInNoGroup() throws IOException {
    Path board = directory.resolve("unknown.dts");
    Files.writeString(
        board,
        """
        /dts-v1/;
        #include "db845c.dts"
        &soc {
          strange: strange@4e00000 {
            compatible = "test,strange-iommu";
            reg = <0x0 0x4e00000 0x0 0x1000>;
            #iommu-cells = <1>;
          };
          dsp@4f00000 {
            compatible = "test,dsp";
            reg = <0x0 0x4f00000 0x0 0x1000>;
            iommus = <&strange 9>;
          };
        };
        """);

    assertThat(run("topology", board.toString())).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsMatch("4f00000\\.dsp +4e00000\\.strange +0x9 .* no driver of test,strange-iommu");
    assertThat(out.toString()).contains("3 masters, 2 of them in a group");
  }

  /** Numbers and words are of the kernel's errno headers. */
  @Test
  void anErrnoIsExplainedByNameNumberAndReturnValue() {
    assertExplains("EINVAL is errno 22: Invalid argument", "errno", "22");
    assertExplains("EINVAL is errno 22", "errno", "-22");
    assertExplains("EINVAL is errno 22", "errno", "einval");
    assertExplains("ETIMEDOUT is errno 110: Connection timed out", "errno", "ETIMEDOUT");
    assertExplains("the kernel's own number", "errno", "525");
    assertExplains("EBADF is errno 9", "errno", "1", "9");
    assertExplains("0xffffffffffffffff", "lpae", "3:18446744073709551615"); // all 64 bits

    assertBadInput("did you mean 'EINVAL'?", "explain", "errno", "EINVLA");
    assertBadInput("has the number 4711", "explain", "errno", "4711");
    assertBadInput("'12x' is no number", "explain", "errno", "12x");
    assertBadInput("'' is no number", "explain", "errno", "");
    assertBadInput("'-+5' is no number", "explain", "errno", "-+5");
    assertBadInput("'0x+5' is no number", "explain", "ioctl", "0x+5");
    assertBadInput("seed must be a number, not '0x+5'", "boot", "virt", "--seed", "0x+5");
    assertBadInput("did you mean 'errno'?", "explain", "errnos", "1");
    assertBadInput("Missing required parameter", "explain", "errno");
  }

  /** Numbers, sizes and names are what the kernel's drm.h, msm_drm.h and exynos_drm.h make. */
  @Test
  void anIoctlsNumberIsTakenApartAndNamed() {
    assertExplains(
        "0xc0486446 is DRM_IOCTL_MSM_GEM_SUBMIT: into the kernel and back (_IOWR), 72 bytes,"
            + " type 'd', nr 0x46",
        "ioctl",
        "0xc0486446");
    assertExplains("DRM_IOCTL_MSM_GET_PARAM: ", "ioctl", "0xc0186440");
    assertExplains("DRM_IOCTL_EXYNOS_GEM_CREATE: ", "ioctl", "0xc0106440");
    assertExplains("DRM_IOCTL_VERSION: ", "ioctl", "3225445376");
    assertExplains("DRM_IOCTL_GEM_CLOSE: into the kernel (_IOW), 8 bytes", "ioctl", "0x40086409");
    assertExplains("DRM_IOCTL_SET_MASTER: no argument (_IO), 0 bytes", "ioctl", "0x641e");
    assertExplains("DRM_IOCTL_MODE_GETRESOURCES: ", "ioctl", "0xc04064a0");
    assertExplains("DRM_IOCTL_WAIT_VBLANK: ", "ioctl", "0xc018643a");
    assertExplains("is no DRM, msm or exynos ioctl that is known here", "ioctl", "0xc0ff6446");

    assertBadInput("is of type 0x54, no ioctl of DRM", "explain", "ioctl", "0x5401");
    assertBadInput("has more than 32 bits", "explain", "ioctl", "0x1c0486446");
  }

  /** As the kernel's log decodes them: {@code ARM_SMMU_CB_FSR_*}, {@code ARM_SMMU_CB_FSYNR0_*}. */
  @Test
  void aFaultsRegistersAreToldByTheNamesOfTheirBits() {
    assertExplains("FSR 0x00000402: TF FORMAT=2\n", "fsr", "0x402");
    assertExplains("FSR 0xc0000008: PF FORMAT=0 SS MULTI\n", "fsr", "0xc0000008");
    assertExplains("and 0x1, bits without a name here", "fsr", "1");
    assertExplains("FSYNR0 0x00050011: PLVL=1 WNR S1CBNDX=5\n", "fsynr0", "0x50011");
    assertExplains("PLVL=3 PNU IND NSATTR PTWF AFR S1CBNDX=0", "fsynr0", "0xd63");

    assertBadInput("has more than 32 bits", "explain", "fsr", "0x100000000");
  }

  /** Headers as {@code PKT4()}, {@code PKT7()}, {@code OUT_PKT0()}, {@code OUT_PKT3()} make. */
  @Test
  void thePacketBehindAHeaderIsNamed() {
    assertExplains("type 7: CP_WAIT_FOR_IDLE (0x26), 0 dwords follow", "pm4", "0x70268000");
    assertExplains("type 7: CP_INDIRECT_BUFFER (0x3f), 3 dwords", "pm4", "0x70bf8003");
    assertExplains("type 4: writes registers from 0x1, 1 dword follows", "pm4", "0x40000101");
    assertExplains("type 3: CP_ME_INIT (0x48), 17 dwords follow", "pm4", "0xc0104800");
    assertExplains("type 0: writes registers from 0x578, 2 dwords follow", "pm4", "0x10578");
    assertExplains("type 2: does nothing", "pm4", "0x80000000");

    assertBadInput("with right ones it is 0x70268000", "explain", "pm4", "0x70260000");
    assertBadInput("0x50000000 is no header", "explain", "pm4", "0x50000000");
  }

  /**
   * Entries put together by hand from the Arm ARM's figures and the kernel's {@code
   * exynos-iommu.c}.
   */
  @Test
  void anEntryOfAPagetableIsReadAtItsLevel() {
    assertExplains("at level 3: page 0x80000000 ", "lpae", "3:0x80000f43");
    assertExplains("at level 2: block 0x80000000 ", "lpae", "2:0x80000f41");
    assertExplains("at level 2: table 0x80000000\n", "lpae", "2:0x80000003");
    assertExplains("at level 3: invalid\n", "lpae", "3:0x80000f41");
    assertExplains("at level 3: page 0x80000000 ", "lpae-s2", "3:0x800007ff");
    assertExplains("at level 1: section 0x12300000 ", "v7s", "1:0x12300c02");
    assertExplains("at level 1: table 0x12345400\n", "v7s", "1:0x12345401");
    assertExplains("at level 2: page 0x12345000 ", "v7s", "2:0x12345032");
    assertExplains("at level 1: table 0x12345400\n", "exynos", "1:0x12345401");
    assertExplains("at level 2: page 0x12345000 ", "exynos", "2:0x12345012");
    assertExplains("at level 2: page 0x812345000 ", "exynos-v5", "2:0x8123450e");
    assertExplains("at level 2: invalid\n", "exynos", "2:0");

    assertBadInput("write LEVEL:ENTRY, as in 3:0x3", "explain", "lpae", "0x3");
    assertBadInput("its levels are 1 to 2", "explain", "v7s", "3:0x3");
    assertBadInput("has more than 32 bits", "explain", "exynos", "2:0x100000002");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db845c", "virt", "tm2", "snow"})
  void everyBoardBootsAndShowsItsDevices(String board) {
    assertThat(run("boot", board)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("device ");
  }

  @Test
  void bootingABoardWithSeveralIommusTellsWhoIsBehindWhich() {
    assertThat(run("boot", "virt")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsMatch(
            "a040000\\.video +video-engine +9110000\\.iommu .* unmanaged +context bank 1");
    assertThat(out.toString()).containsMatch("a020000\\.mmc .* 9050000\\.iommu ");
    assertThat(out.toString()).containsMatch("a070000\\.mmc +sdhost +- +-");
    assertThat(out.toString())
        .containsMatch(
            "9110000\\.iommu \\(arm-smmu\\)\n  group \\d+: unmanaged, .*a040000\\.video");
  }

  @Test
  void aMissingBoardAScenarioAndASwitchAreAnsweredWithTheCure() {
    assertBadInput("did you mean 'db845c'?", "boot", "db845");
    assertBadInput("did you mean 'two-processes'?", "run", "two-process");
    assertBadInput("did you mean 'seed'?", "run", "two-processes", "--set", "sed=1");
    assertBadInput("--set wants KEY=VALUE", "run", "two-processes", "--set", "seed");
    assertBadInput("known: first-come, random, pct", "boot", "db845c", "--schedule", "fair");
    assertBadInput("there is no file", "run", "nowhere/x.yaml");
    assertBadInput("cannot be written", "boot", "db845c", "--trace", "/nowhere/t");
  }

  @Test
  void aBadScenarioIsAnsweredWithItsPlace() throws Exception {
    Path file = scenario("about: x\nprocesses:\n  p:\n    - opn: {node: renderD128}\n");

    assertBadInput("s.yaml:4:7: there is no step 'opn'", "run", file.toString());
    assertBadInput("did you mean 'open'?", "run", file.toString());
  }

  @Test
  void aSwitchThatAScenarioMistypesIsAnsweredWithItsPlace() throws Exception {
    Path file = scenario("about: x\nset: {gem.baking: x}\nprocesses:\n  p: [sleep: 1us]\n");

    assertBadInput("s.yaml:2:7: there is no switch 'gem.baking'", "run", file.toString());
  }

  @Test
  void anErrorThatIsExpectedIsOk() throws Exception {
    Path file =
        scenario("about: x\nprocesses:\n  p:\n    - open: {node: /dev/nothing, errno: ENOENT}\n");

    assertThat(run("run", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("ok: 1 expectation,");
    assertThat(out.toString()).contains("nothing leaked");
  }

  @Test
  void aFailedStepSaysWhatWasExpectedAndWhatHappened() throws Exception {
    Path file = scenario("about: x\nprocesses:\n  p:\n    - open: {node: /dev/nothing}\n");

    assertThat(run("run", file.toString())).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(out.toString()).contains("s.yaml:4:7: open of p");
    assertThat(out.toString()).contains("expected  success");
    assertThat(out.toString()).contains("but       ENOENT (No such file or directory)");
  }

  @Test
  void aTextThatTheKernelNeverPrintedIsAFailedExpectation() throws Exception {
    Path file =
        scenario(
            "about: x\nprocesses:\n  p: [sleep: 1us]\nafter:\n  - expect: {dmesg: meltdown}\n");

    assertThat(run("run", file.toString())).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(out.toString()).contains("at least one line of dmesg with 'meltdown'");
  }

  @Test
  void theTraceIsWrittenAsFtraceText() throws Exception {
    Path trace = directory.resolve("trace.txt");

    assertThat(run("boot", "db845c", "--trace", trace.toString())).isEqualTo(ExitCode.OK);

    assertThat(Files.readString(trace, UTF_8)).startsWith("# tracer: nop");
    assertThat(Files.readString(trace, UTF_8)).contains("add_device_to_group: IOMMU: groupID=0");
  }

  @Test
  void aFailedRunEndsWithItsVerdict() throws Exception {
    Path file =
        scenario(
            """
            about: x
            processes:
              p:
                - open: {node: renderD128, as: gpu}
                - get_param: {fd: gpu, param: gpu_id, as: id}
                - expect: {number: id, is: 630}
                - expect: {number: id, is: 631}
                - expect: {number: id, is: 632}
            """);

    assertThat(run("run", file.toString(), "--dmesg")).isEqualTo(ExitCode.EXPECTATION_FAILED);

    var lines = out.toString().lines().toList();
    assertThat(lines.getLast()).startsWith("not ok: 1 of 3 expectations, 1 not reached, 0 jobs, ");
    assertThat(lines.get(lines.size() - 6)).endsWith("s.yaml:7:7: expect of p");
    assertThat(lines.get(lines.size() - 4)).isEqualTo("  but       it is 0x276");
  }

  @Test
  void aBoardOfAScenarioIsBesideItAndItsErrorsHaveAPlace() throws Exception {
    Path missing = scenario("about: x\nboard: nothere.dts\nprocesses:\n  p: [sleep: 1us]\n");
    assertBadInput(
        "s.yaml:2:8: there is no file '%s'".formatted(directory.resolve("nothere.dts")),
        "run",
        missing.toString());

    Path mistyped = scenario("about: x\nboard: db845\nprocesses:\n  p: [sleep: 1us]\n");
    assertBadInput("s.yaml:2:8: there is no board 'db845'", "run", mistyped.toString());

    Path own = scenario("about: x\nboard: own.dts\nprocesses:\n  p: [sleep: 1us]\n");
    Files.writeString(directory.resolve("own.dts"), "/dts-v1/;\n/ {\n  model = ;\n};\n", UTF_8);
    assertBadInput("s.yaml:2:8: ", "run", own.toString());
    assertBadInput("own.dts:3:", "run", own.toString());
  }

  @Test
  void aTraceThatCannotBeWrittenIsSaidBeforeTheRun() throws Exception {
    String nowhere = directory.resolve("missing/trace").toString();

    assertBadInput("No such file or directory", "run", "two-processes", "--trace", nowhere);
    assertBadInput("Is a directory", "run", "two-processes", "--trace", directory.toString());
    assertBadInput("No such file or directory", "boot", "virt", "--trace", nowhere);

    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTraceForWhichThereIsNoRoomIsSaid() {
    assertBadInput(
        "the trace cannot be written to '/dev/full': No space left on device",
        "boot",
        "db845c",
        "--trace",
        "/dev/full");
  }

  @Test
  void anOutputThatNobodyCanReadIsNoSuccess() throws Exception {
    StandardOutput full = new StandardOutput(new FileOutputStream("/dev/full"));
    PrintWriter errWriter = new PrintWriter(err);

    assertThat(Main.run(full, errWriter, "boards")).isEqualTo(ExitCode.BAD_INPUT);

    errWriter.flush();
    assertThat(err.toString())
        .isEqualTo("smmulator: the output cannot be written: No space left on device\n");
    assertThat(Main.run(full, errWriter, "boot", "db845c", "--set", "x")).isEqualTo(2);
  }

  /** As under {@code | head}. */
  @Test
  void aReaderThatGoesIsNoError() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int oneByte) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    PrintWriter errWriter = new PrintWriter(err);

    assertThat(Main.run(new StandardOutput(gone), errWriter, "steps", "--all"))
        .isEqualTo(ExitCode.OK);
    assertThat(Main.run(new StandardOutput(gone), errWriter, "boot", "nowhere"))
        .isEqualTo(ExitCode.BAD_INPUT);
    errWriter.flush();
    assertThat(err.toString()).doesNotContain("written");
  }

  @Test
  void aHostThatTookItsRoomBackIsNoBug() {
    Exception late = new IllegalStateException(new InternalError("a fault in a mapped file"));
    PrintWriter errWriter = new PrintWriter(err);

    assertThat(Main.failed(late, errWriter)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).startsWith("smmulator: the host has no room left for the memory");

    assertThat(Main.failed(new IllegalStateException("odd"), errWriter)).isEqualTo(ExitCode.BUG);
    assertThat(err.toString())
        .endsWith("smmulator: not ok: this is a bug of the simulator, not of your input\n");
  }

  @Test
  void aFileThatIsNoneIsAnswered() throws Exception {
    Path file = scenario("about: x\nboard: 'a\\0b.dts'\n");
    assertBadInput(
        "no file can have the name 'a?b.yaml': Nul character not allowed", "run", "a\0b.yaml");
    assertBadInput("no file can have the name 'a?b.dts'", "boot", "a\0b.dts");
    assertBadInput("'/dev/zero' is longer than 16 MiB", "run", "/dev/zero");
    assertBadInput(
        "'%s' cannot be read: Is a directory".formatted(directory), "run", directory + "/");
    assertBadInput("s.yaml", "run", file.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "dma-dev-default, default-domain",
    "own-domain, attached-domain",
    "own-allocator, default-domain",
    "subsystem-ops, default-domain",
    "arm-mapping, default-domain"
  })
  void aScreenshotShowsWhatTheEnginesMadePixelByPixel(String mapping, String lookup)
      throws Exception {
    Path file = directory.resolve("out.png");

    int code =
        run(
            "run",
            "one-address-many-engines",
            "--set",
            "exynos.mapping=" + mapping,
            "--set",
            "dma.iommu-lookup=" + lookup,
            "--screenshot",
            file.toString());

    assertThat(code).isEqualTo(ExitCode.OK);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(64);
    assertThat(image.getHeight()).isEqualTo(16);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 64; x++) {
        int pixel = image.getRGB(x, y);
        if (x >= 8 && x < 24 && y >= 4 && y < 12) {
          assertThat(pixel).isEqualTo(0xff_00_ff_00);
        } else if (x < 32 - FILTER_REACH) {
          assertThat(pixel).isEqualTo(0xff_33_66_cc);
        } else if (x >= 32 + FILTER_REACH) {
          assertThat(pixel).isEqualTo(0xff_cc_33_00);
        } else {
          assertThat(pixel).isEqualTo(image.getRGB(x, 0)); // the edge is the same in each line
        }
      }
    }
    // The edge goes from one colour to the other, half of the way at its middle.
    assertThat(image.getRGB(30, 0) >> 16 & 0xff).isIn(Range.closed(0x33, 0x7f));
    assertThat(image.getRGB(32, 0) >> 16 & 0xff).isIn(Range.closed(0x80, 0xcc));
    assertThreeWalksAgree(out.toString());
  }

  /** Three engines at the canvas, each with a sysmmu of its own: one root, one path, one page. */
  private static void assertThreeWalksAgree(String printed) {
    List<String> lines =
        printed
            .lines()
            .dropWhile(line -> !line.startsWith("What the sysmmu of each engine found"))
            .filter(line -> line.contains(" by sysmmu@"))
            .toList();
    Map<String, List<String>> byWalk =
        lines.stream()
            .collect(
                groupingBy(line -> line.substring(line.indexOf("root ")), TreeMap::new, toList()));
    List<String> canvas =
        byWalk.values().stream().max(Comparator.comparingInt(List::size)).orElseThrow();
    assertThat(canvas.stream().map(line -> line.strip().replaceAll("@.*", "")).toList())
        .containsExactly("g2d", "video-scaler", "decon");
    assertThat(canvas.getFirst()).containsMatch("root 0x[0-9a-f]+: L1.* L2.* -> pa 0x[0-9a-f]+$");
  }

  @Test
  void aFolderGetsTheFrameOfEachVblank() throws Exception {
    Path frames = directory.resolve("frames");

    assertThat(run("run", "exynos-2018-cured", "--screenshot", frames.toString()))
        .isEqualTo(ExitCode.OK);

    try (var files = Files.list(frames)) {
      assertThat(files.count()).isAtLeast(3);
    }
  }

  @Test
  void aFrameThatFaultedIsBlank() throws Exception {
    Path file = directory.resolve("out.png");

    assertThat(run("run", "exynos-2018-regression", "--screenshot", file.toString()))
        .isEqualTo(ExitCode.OK);

    assertThat(ImageIO.read(file.toFile()).getRGB(5, 5)).isEqualTo(0xff_00_00_00);
  }

  @Test
  void aBoardWithoutAPanelHasNoScreenshot() {
    assertBadInput(
        "the board has no panel",
        "run",
        "two-processes",
        "--screenshot",
        directory.resolve("out.png").toString());
  }

  private void assertExplains(String words, String... whatAndValues) {
    out.getBuffer().setLength(0);
    assertThat(run(ObjectArrays.concat("explain", whatAndValues))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains(words);
  }

  private Path scenario(String text) throws IOException {
    return Files.writeString(directory.resolve("s.yaml"), text, UTF_8);
  }
}
