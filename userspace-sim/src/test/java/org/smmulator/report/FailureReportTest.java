package org.smmulator.report;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Language;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioParser;
import org.smmulator.script.ScenarioRun;

/** A failed step with the trace before it, and nodes of the machine as text. */
class FailureReportTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aFailedStepIsToldWithPlaceExpectationAndTheTraceBeforeIt() throws Exception {
    Scenario scenario =
        ScenarioParser.parse(
            Language.installed(),
            "bad.yaml",
            """
            about: A number that is another
            processes:
              painter:
                - open: {node: renderD128, as: gpu}
                - submit: {fd: gpu, commands: [{nop: 1}], as: job}
                - wait: {fence: job}
                - get_param: {fd: gpu, param: gpu_id, as: id}
                - expect: {number: id, is: 1}
            """);
    var board = new Boards().load("db845c");
    Probes probes = Probes.of(board);
    try (Machine machine = Machine.on(board).traced().boot()) {
      var run = new ScenarioRun(scenario, machine, new RunReport(scenario, machine, probes));
      run.run();

      var failure = requireNonNull(run.failure());
      FailureReport.print(failure, machine, new PrintWriter(out, true));

      assertThat(out.toString()).startsWith("\nthe last 20 trace events before the failure:\n");
      assertThat(out.toString()).contains("msm_gpu_submit_retired");
      assertThat(out.toString())
          .endsWith(
              """

              bad.yaml:8:7: expect of painter
                expected  id to be 0x1
                but       it is 0x276
                at        %d.%03d us

              """
                  .formatted(failure.timeNs() / 1000, failure.timeNs() % 1000));
    }
  }

  @Test
  void aFileIsPrintedAsItsTextAndADirectoryAsItsNames() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      NodeReport report = new NodeReport(machine, new PrintWriter(out, true));

      report.print("/dev/dri");
      assertThat(out.toString().lines()).containsExactly("by-path", "card0", "renderD128");

      out.getBuffer().setLength(0);
      report.print("/sys/kernel/iommu_groups/0/type");
      assertThat(out.toString()).isEqualTo("identity\n");

      var e = assertThrows(BadInputException.class, () -> report.print("/dev/nothing"));
      assertThat(e).hasMessageThat().startsWith("'/dev/nothing' cannot be read: ENOENT");
      assertThat(e.cure()).contains("look around");
    }
  }
}
