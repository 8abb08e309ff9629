package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code smmulator walk}: tables are walked at a moment, step by step. */
class WalkCommandTest extends CommandTest {
  /**
   * The low bits of the leaf are what {@code arm_lpae_prot_to_pte()} makes of IOMMU_READ and
   * IOMMU_WRITE: a page, AP unprivileged, outer shareable, AF and nG.
   */
  @Test
  void eachStepHasItsIndexItsEntryAndTheFields() {
    assertThat(walk("two-processes", "painter", "canvas+0x10")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .startsWith("painter[100] at the end of painter: canvas+0x10 is address 0x100000010\n");
    assertThat(out.toString()).contains("\nits table on 5000000.gpu, root 0x");
    assertThat(out.toString()).contains("  L0  0x100000010 >> 39 & 0x1ff = 0: 0x");
    assertThat(out.toString()).contains("  L1  0x100000010 >> 30 & 0x1ff = 4: 0x");
    assertThat(out.toString()).contains("  L2  0x100000010 >> 21 & 0x1ff = 0: 0x");
    assertThat(out.toString())
        .containsMatch("  L3  0x100000010 >> 12 & 0x1ff = 0: 0x0*[0-9a-f]+e43 at");
    assertThat(out.toString()).contains("nG[11]=1 AF[10]=1 SH[9:8]=10 AP[7:6]=01");
    assertThat(out.toString())
        .containsMatch("offset 0x10 = pa 0x[0-9a-f]+010, which holds 0xcafe\n");
  }

  /** The report of a run reads the same table in memory, with a reader of its own. */
  @Test
  void itLeadsWhereTheReportOfARunSays() {
    assertThat(run("run", "two-processes")).isEqualTo(ExitCode.OK);
    Matcher told =
        Pattern.compile("page\\+0x10 +iova 0x100000010 .*-> pa (0x[0-9a-f]+) = 0xbeef")
            .matcher(out.toString());
    assertThat(told.find()).isTrue();
    out.getBuffer().setLength(0);

    assertThat(walk("two-processes", "reader", "page+16")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("= pa %s, which holds 0xbeef".formatted(told.group(1)));
  }

  @Test
  void anAddressThatIsNotMappedFaultsAtALevel() {
    assertThat(walk("two-processes", "painter", "0x200000000")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("& 0x1ff = 8: 0x0000000000000000 at ");
    assertThat(out.toString()).contains("translation fault at level 1");

    out.getBuffer().setLength(0);
    assertThat(walk("two-processes", "painter", "0x100100000")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("translation fault at level 3");
  }

  @Test
  void theUpperHalfIsTheKernelsTable() {
    assertThat(walk("two-processes", "painter", "0xffff000000001000")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("domain of 5000000.gpu, root 0x");
    assertThat(out.toString()).contains("+ offset 0x0 = pa 0x");
  }

  @Test
  void aMomentIsAStepOfTheProcessOrOfAnother() {
    assertThat(walk("two-processes", "painter", "canvas", "--at", "job")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("painter[100] at painter.job: canvas is ");

    out.getBuffer().setLength(0);
    assertThat(walk("two-processes", "painter", "0x100000000", "--at", "reader:5"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("painter[100] at step 5 of reader: address ");
    out.getBuffer().setLength(0);

    assertThat(walk("two-processes", "painter", "canvas", "--at", "canvas"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .contains("'canvas' of painter has no address for a device at painter.canvas");
  }

  /** One table for all engines, in two formats: Samsung's of v5 and of v3. */
  @Test
  void engineTablesOfBothExynosFormatsAreWalked() {
    assertThat(walk("exynos-fill", "painter", "0xfffff000", "--device", "12480000.g2d"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("12480000.g2d, root 0x");
    assertThat(out.toString()).contains("  L1  0xfffff000 >> 20 & 0xfff = 4095: 0x");
    assertThat(out.toString()).contains("      next[31:6]=0x");

    out.getBuffer().setLength(0);
    assertThat(
            walk(
                "exynos-fill",
                "painter",
                "0xfffff000",
                "--board",
                "snow",
                "--device",
                "10850000.g2d"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("      next[31:10]=0x");
  }

  @Test
  void theTableOfTheCpusIsWalkedToo() {
    assertThat(walk("two-processes", "painter", "0", "--cpu")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("the table of its CPUs, root 0x");
    assertThat(out.toString()).contains("translation fault at level");
  }

  @Test
  void aBufferIsFoundInTheTableOfTheCpusOnceTheCpuHasUsedIt() {
    assertThat(walk("two-processes", "painter", "canvas+0x10", "--cpu")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("which holds 0xcafe");
    for (String table : List.of("--cpu", "--device=5000000.gpu")) {
      assertBadInput(
          "'gpu' of painter is no memory",
          "walk",
          "two-processes",
          "--process=painter",
          "--address=gpu",
          table);
    }
    assertBadInput(
        "the CPU's first access maps a buffer",
        "walk",
        "two-processes",
        "--process=painter",
        "--address=canvas",
        "--at=job",
        "--cpu");
    assertBadInput(
        "the first job that uses a buffer maps it",
        "walk",
        "two-processes",
        "--process=painter",
        "--address=canvas",
        "--at=canvas");
  }

  @Test
  void theSameIsThereForPrograms() throws Exception {
    assertThat(walk("two-processes", "painter", "canvas+0x10", "--json")).isEqualTo(ExitCode.OK);

    JsonNode told = new ObjectMapper().readTree(out.toString());
    assertThat(told.get("address").asText()).isEqualTo("0x100000010");
    assertThat(told.at("/tables/0/steps/1/index").asInt()).isEqualTo(4);
    assertThat(told.at("/tables/0/steps/3/fields/AP").asText()).isEqualTo("0x1");
    assertThat(told.at("/tables/0/holds").asText()).isEqualTo("0xcafe");
  }

  @Test
  void whatCannotBeWalkedIsAnswered() {
    for (List<String> wrong :
        List.of(
            List.of("did you mean 'painter'?", "paintr", "0"),
            List.of("is no address", "painter", "0x"),
            List.of("is no address", "painter", "canvas-4"),
            List.of("did you mean 'canvas'?", "painter", "canvs"))) {
      assertBadInput(
          wrong.get(0),
          "walk",
          "two-processes",
          "--process",
          wrong.get(1),
          "--address",
          wrong.get(2));
    }
    for (String step : List.of("0", "9")) {
      assertBadInput(
          "painter has no step " + step,
          "walk",
          "two-processes",
          "--process",
          "painter",
          "--address",
          "0",
          "--at",
          step);
    }
    assertBadInput(
        "did you mean '5000000.gpu'?",
        "walk",
        "two-processes",
        "--process",
        "painter",
        "--address",
        "0",
        "--device",
        "5000000.gpv");
    assertBadInput("Missing required option", "walk", "two-processes", "--process", "painter");
  }

  private int walk(String scenario, String process, String address, String... more) {
    String[] args = new String[6 + more.length];
    System.arraycopy(
        new String[] {"walk", scenario, "--process", process, "--address", address}, 0, args, 0, 6);
    System.arraycopy(more, 0, args, 6, more.length);
    return run(args);
  }
}
