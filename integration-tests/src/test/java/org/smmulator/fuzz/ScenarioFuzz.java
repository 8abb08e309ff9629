package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Language;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioParser;
import org.smmulator.script.ScenarioRun;

/**
 * The input is a scenario file. It is refused with a place, or it can be run: its expectations may
 * fail and its processes may wait for each other for ever, but the machine does not break.
 */
final class ScenarioFuzz {
  private static final String FILE = "fuzz.yaml";
  private static final String BOARD = "db845c";
  private static final Language LANGUAGE = Language.installed();

  private ScenarioFuzz() {}

  /** Reads and runs one scenario. */
  public static void fuzzerTestOneInput(byte[] data) throws BadInputException {
    Scenario scenario;
    try {
      String text = new String(data, UTF_8);
      scenario = Quickly.read(() -> ScenarioParser.parse(LANGUAGE, FILE, text));
    } catch (ScenarioException e) {
      assertThat(e.report()).matches("(?s)" + FILE + ":[1-9]\\d*:[1-9]\\d*: .*\\n  .*");
      return;
    }
    if (scenario.board().value().equals(BOARD)) {
      run(scenario);
    }
  }

  private static void run(Scenario scenario) throws BadInputException {
    try (Machine machine = Machine.on(FuzzTarget.db845c()).boot()) {
      ScenarioRun run = new ScenarioRun(scenario, machine, new RunListener() {});
      run.run();
      if (run.failure() == null) {
        machine.shutDown();
        assertThat(machine.leakedPages()).isEmpty();
      }
    } catch (MachineStopped e) {
      if (e.reason() != MachineStopped.Reason.DEADLOCK) {
        throw e;
      }
    }
  }
}
