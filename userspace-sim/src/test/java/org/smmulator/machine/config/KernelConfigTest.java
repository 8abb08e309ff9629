package org.smmulator.machine.config;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.smmulator.machine.input.BadInputException;

/** The switches of a machine, and what a mistyped one is told. */
class KernelConfigTest {
  @Test
  void aSwitchIsSetByKeyAndValue() throws Exception {
    var config =
        KernelConfig.defaults().with("gem.backing", "contiguous").with("schedule", "first-come");

    assertThat(config.get(Switches.GEM_BACKING)).isEqualTo(GemBacking.CONTIGUOUS);
    assertThat(config.get(Switches.SCHEDULE)).isEqualTo(ScheduleKind.FIRST_COME);
  }

  @Test
  void anUnknownSwitchIsAnsweredWithTheNearestOne() {
    var e =
        assertThrows(
            BadInputException.class, () -> KernelConfig.defaults().with("gem.bakcing", "x"));

    assertThat(e.cure()).contains("did you mean 'gem.backing'?");
  }

  @Test
  void aValueThatASwitchDoesNotHaveIsAnsweredWithThoseItHas() {
    var e =
        assertThrows(
            BadInputException.class, () -> KernelConfig.defaults().with("schedule", "lottery"));

    assertThat(e.cure()).isEqualTo("known: first-come, random, pct");
  }

  @Test
  void aConfigurationSaysWhatWasSet() throws Exception {
    var config =
        KernelConfig.defaults()
            .with("schedule", "random")
            .with("seed", "7")
            .with("schedule", "pct");

    assertThat(config.describe()).isEqualTo("seed 7, schedule=pct");
  }
}
