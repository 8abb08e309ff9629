package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.Boards;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.config.choice.Switch;

/**
 * Each single deviation from what Linux does, on each board: it boots, and whatever does not come
 * up has said why.
 */
class EachSwitchTest {
  static ImmutableList<String> boards() {
    return new Boards().names();
  }

  @ParameterizedTest
  @MethodSource("boards")
  void eachDeviationBootsOrSaysWhyNot(String board) throws Exception {
    ImmutableList<String> bound;
    try (Trial trial = Trial.on(board)) {
      bound = boundDevices(trial);
    }
    for (Switch<?> each : Switches.all().values()) {
      for (String value : valuesOf(each)) {
        String deviation = each.key() + "=" + value;
        try (Trial trial = Trial.on(board, deviation)) {
          String log = String.join("\n", trial.log());
          assertWithMessage(deviation).that(log).contains("Machine model: ");
          for (String device : bound) {
            boolean isUp = trial.device(device).driver() != null || isLeftAlone(device, deviation);
            assertWithMessage("%s on %s with %s:\n%s", device, board, deviation, log)
                .that(isUp || log.contains(" " + device + ": error -"))
                .isTrue();
          }
        }
      }
    }
  }

  /** Nothing is said of a device whose driver is not loaded. */
  private static boolean isLeftAlone(String device, String deviation) {
    return deviation.equals("msm.skip-gpu=1") && device.endsWith(".gpu");
  }

  private static ImmutableList<String> boundDevices(Trial trial) {
    ImmutableList<String> bound =
        trial.machine.devices().devices().stream()
            .filter(device -> device.driver() != null)
            .map(PlatformDevice::name)
            .collect(ImmutableList.toImmutableList());
    assertThat(bound).isNotEmpty();
    return bound;
  }

  private static ImmutableList<String> valuesOf(Switch<?> which) {
    return which.values().equals("a number")
        ? ImmutableList.of("42")
        : ImmutableList.copyOf(Splitter.on(", ").split(which.values()));
  }
}
