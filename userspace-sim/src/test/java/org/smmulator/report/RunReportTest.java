package org.smmulator.report;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.script.Language;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioParser;
import org.smmulator.script.ScenarioRun;

/** The report of a small run, whole; addresses and times, which say nothing here, are masked. */
class RunReportTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aJobIsToldFromTheStepToTheTablesThatItUsed() throws Exception {
    report(
        """
        about: One process paints
        story: |
          It writes one word.
        processes:
          painter:
            - open: {node: renderD128, as: gpu}
            - gem_new: {fd: gpu, size: 64K, as: canvas}
            - submit: {fd: gpu, buffers: [canvas], commands: [{mem_write: {at: canvas+0x10, value: 0xcafe}}], as: job}
            - wait: {fence: job}
            - expect: {read: canvas+0x10, is: 0xcafe}
        """);

    assertThat(masked())
        .isEqualTo(
            """
            One process paints (db845c, defaults)

            It writes one word.

               time us  who            what
                T  painter[100]   opens /dev/dri/renderD128
                T  painter[100]   makes a buffer of 64 KiB as canvas
                T  painter[100]   has canvas at iova 0x100000000
                T  painter[100]   submits job: write 0xcafe to canvas+0x10
                T  gpu            TTBR0 A into bank 0: pagetable of painter[100]
                T  gpu            writes at iova 0x100000010 -> A
                T  painter[100]   job has signalled
                T  painter[100]   finds 0xcafe at canvas+0x10
                T  painter[100]   ends

            What a walk of each pagetable found at its process's end
              painter[100]    TTBR0 A
                canvas+0x10   iova 0x100000010  L0[0] L1[4] L2[0] L3[0] -> A = 0xcafe
              everybody       TTBR1 A of bank 0: the kernel's half, never switched
                iova 0xffff000000001000 -> A while TTBR0 was A (nobody yet)
                iova 0xffff000000001000 -> A while TTBR0 was A (painter[100])

            ok: 1 expectation, 1 job, 1 pagetable switch, 0 refused accesses, nothing leaked
            """);
  }

  @Test
  void aRefusedAccessStandsAboveWhatItLedTo() throws Exception {
    report(
        """
        about: A stray write
        processes:
          vandal:
            - open: {node: renderD128, as: gpu}
            - submit: {fd: gpu, commands: [{mem_write: {at: 0xdead0000, value: 1}}], as: stray}
            - wait: {fence: stray}
        """);

    var lines = masked().lines().toList();
    int refused =
        lines.indexOf("    T  gpu            writes at iova 0xdead0000: refused by the SMMU");
    assertThat(refused).isAtLeast(0);
    assertThat(lines.get(refused + 1)).startsWith("    T  kernel         *** gpu fault: ttbr0=");
    assertThat(masked()).contains("    0xdead0000    iova 0xdead0000  L0[0] L1[3] -> nothing");
    assertThat(lines.getLast())
        .isEqualTo(
            "ok: 0 expectations, 1 job, 1 pagetable switch, 1 refused access, nothing leaked");
  }

  @Test
  void aBufferIsLookedForInTheTableOfItsOwnFileOnly() throws Exception {
    report(
        """
        about: One process, two files, one address
        processes:
          painter:
            - open: {node: renderD128, as: one}
            - open: {node: renderD128, as: two}
            - gem_new: {fd: one, size: 4K, as: red}
            - gem_new: {fd: two, size: 4K, as: green}
            - submit: {fd: one, buffers: [red], commands: [{mem_write: {at: red, value: 1}}], as: a}
            - submit: {fd: two, buffers: [green], commands: [{mem_write: {at: green, value: 2}}], as: b}
            - wait: {fence: a}
            - wait: {fence: b}
        """);

    assertThat(masked())
        .contains(
            """
              painter[100]    TTBR0 A
                red           iova 0x100000000  L0[0] L1[4] L2[0] L3[0] -> A = 0x1
              painter[100]    TTBR0 A
                green         iova 0x100000000  L0[0] L1[4] L2[0] L3[0] -> A = 0x2
              everybody\
            """);
  }

  @Test
  void aTableWhoseFileIsClosedIsNotWalked() throws Exception {
    report(
        """
        about: It closes what it used
        processes:
          painter:
            - open: {node: renderD128, as: gpu}
            - submit: {fd: gpu, commands: [{mem_write: {at: 0xdead0000, value: 1}}], as: job}
            - wait: {fence: job}
            - close: {fd: gpu}
            - sleep: 10ms
        """);

    assertThat(masked()).contains("  painter[100]    TTBR0 A: its file is closed\n  everybody");
  }

  @Test
  void whatAClientWritesToTheUpperHalfIsToldAndWalkedThroughTtbr1() throws Exception {
    report(
        """
        about: A client writes to the kernel's half
        processes:
          evil:
            - open: {node: renderD128, as: gpu}
            - gem_new: {fd: gpu, size: 4K, as: own}
            - submit:
                fd: gpu
                buffers: [own]
                commands:
                  - mem_write: {at: 0x1000000000100, value: [0xcafe, 0xbeef]}
                  - mem_copy: {from: own, to: 0x1000000001000}
                as: job
            - wait: {fence: job}
        """);

    assertThat(masked())
        .containsMatch(
            """
            gpu            writes at iova 0xffff000000000100 -> A
                T  gpu            writes at iova 0xffff000000000104 -> A
                T  gpu            writes at iova 0xffff000000001000: refused by the SMMU
                T  kernel         [*]{3} gpu fault: ttbr0=[0-9a-f]{16} iova=ffff000000001000 dir=WRITE
            """
                .stripTrailing());
    assertThat(masked())
        .contains(
            "    0x1000000000100 iova 0xffff000000000100  L0[0] L1[0] L2[0] L3[0] -> A = 0xcafe");
    assertThat(masked())
        .containsMatch("0x1000000001000 iova 0xffff000000001000  L0.0. L1.0. L2.0. L3.1. -> A = ");
  }

  @Test
  void aBoardWithoutAGpuHasNoLinesOfOne() throws Exception {
    report(
        """
        about: Nothing but sleep
        board: virt
        processes:
          sleeper:
            - sleep: 1us
        """);

    assertThat(masked())
        .isEqualTo(
            """
            Nothing but sleep (virt, defaults)

               time us  who            what
                T  sleeper[100]   sleeps 1 us
                T  sleeper[100]   ends

            ok: 0 expectations, nothing leaked
            """);
  }

  private void report(String text) throws Exception {
    Scenario scenario = ScenarioParser.parse(Language.installed(), "report.yaml", text);
    var board = new Boards().load(scenario.boardFile());
    Probes probes = Probes.of(board);
    try (Machine machine = Machine.on(board).interpose(probes.wires()).boot()) {
      RunReport report = new RunReport(scenario, machine, probes);
      ScenarioRun run = new ScenarioRun(scenario, machine, report);
      run.run();
      PrintWriter to = new PrintWriter(out, true);
      report.printTitle(to, "defaults");
      report.printTimeline(to);
      report.printFindings(to);
      report.printSummary(to, run, machine.leakedPages());
    }
  }

  private String masked() {
    return out.toString()
        .replaceAll("(?m)^ +[0-9]+\\.[0-9]{3}  ", "    T  ")
        .replaceAll("TTBR([01]) 0x[0-9a-f]{16}", "TTBR$1 A")
        .replaceAll("TTBR0 was 0x[0-9a-f]{16}", "TTBR0 was A")
        .replaceAll("pa 0x[0-9a-f]+", "A");
  }
}
