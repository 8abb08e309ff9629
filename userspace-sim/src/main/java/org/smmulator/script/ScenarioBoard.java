package org.smmulator.script;

import java.util.Map;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;

/**
 * The board that a scenario runs on.
 *
 * @param config the defaults, with the switches that the scenario sets
 */
public record ScenarioBoard(DeviceTree tree, KernelConfig config) {
  /**
   * Reads the board of {@code scenario}.
   *
   * @throws ScenarioException if there is no such board or switch; it says where
   */
  public static ScenarioBoard of(Scenario scenario) throws ScenarioException {
    return new ScenarioBoard(tree(scenario), config(scenario));
  }

  /**
   * Returns another board, with the switches that {@code scenario} sets.
   *
   * @param board a name, or the path of a device tree
   * @throws ScenarioException if there is no such switch; it says where
   * @throws BadInputException if there is no such board
   */
  public static ScenarioBoard of(Scenario scenario, String board)
      throws ScenarioException, BadInputException {
    return new ScenarioBoard(new Boards().load(board), config(scenario));
  }

  private static DeviceTree tree(Scenario scenario) throws ScenarioException {
    try {
      return new Boards().load(scenario.boardFile());
    } catch (BadInputException e) {
      throw ScenarioException.badSetting(scenario.board(), e);
    }
  }

  private static KernelConfig config(Scenario scenario) throws ScenarioException {
    KernelConfig config = KernelConfig.defaults();
    for (Map.Entry<String, Scenario.Setting> set : scenario.settings().entrySet()) {
      try {
        config = config.with(set.getKey(), set.getValue().value());
      } catch (BadInputException e) {
        throw ScenarioException.badSetting(set.getValue(), e);
      }
    }
    return config;
  }
}
