package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.faults.Injection;
import org.smmulator.machine.input.BadInputException;

/**
 * The board that a scenario runs on.
 *
 * @param config the defaults, with the switches that the scenario sets
 * @param faults what goes wrong in it
 */
public record ScenarioBoard(DeviceTree tree, KernelConfig config, ImmutableList<Injection> faults) {
  /**
   * Reads the board of {@code scenario}.
   *
   * @throws ScenarioException if there is no such board or switch; it says where
   */
  public static ScenarioBoard of(Scenario scenario) throws ScenarioException {
    return of(scenario, tree(scenario));
  }

  /**
   * Returns a board with the switches that {@code scenario} sets.
   *
   * @param board a name, or the path of a device tree; null for the scenario's own
   * @throws ScenarioException if there is no such switch; it says where
   * @throws BadInputException if there is no such board
   */
  public static ScenarioBoard of(Scenario scenario, @Nullable String board)
      throws ScenarioException, BadInputException {
    return board == null ? of(scenario) : of(scenario, new Boards().load(board));
  }

  private static ScenarioBoard of(Scenario scenario, DeviceTree tree) throws ScenarioException {
    for (Scenario.PlannedFault fault : scenario.faults()) {
      try {
        fault.injection().check(tree);
      } catch (BadInputException e) {
        throw ScenarioException.at(fault.place(), e);
      }
    }
    return new ScenarioBoard(tree, config(scenario), scenario.injections());
  }

  /** Starts to put its machine together. */
  public MachineBuilder machine() {
    return machine(config);
  }

  /** The same with other switches. */
  public MachineBuilder machine(KernelConfig switches) {
    return Machine.on(tree).config(switches).inject(faults).watched();
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
