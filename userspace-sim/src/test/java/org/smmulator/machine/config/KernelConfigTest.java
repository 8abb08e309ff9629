package org.smmulator.machine.config;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.machine.input.BadInputException;

/** Switches are set by key and value; a mistyped one is answered with the cure. */
class KernelConfigTest {
  @Test
  void aSwitchIsSetByKeyAndValue() throws Exception {
    var config =
        KernelConfig.defaults().with("gem.backing", "contiguous").with("schedule", "first-come");

    assertThat(config.get(DrmSwitches.GEM_BACKING)).isEqualTo(GemPages.Placement.CONTIGUOUS);
    assertThat(config.get(CoreSwitches.SCHEDULE)).isEqualTo(ScheduleKind.FIRST_COME);
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

  @Test
  void anAssignmentIsSplitAtItsFirstEqualsSign() throws Exception {
    assertThat(KernelConfig.defaults().with("seed=7").get(CoreSwitches.SEED)).isEqualTo(7);
  }

  @Test
  void aWordThatAssignsNothingIsAnsweredWithTheFormAndTheKeys() {
    var e = assertThrows(BadInputException.class, () -> KernelConfig.defaults().with("=7"));

    assertThat(e).hasMessageThat().isEqualTo("--set wants KEY=VALUE, not '=7'");
    assertThat(e.cure()).contains("iommu.strict");
  }

  @Test
  void aConfigurationThatIsChangedStaysAsItWas() throws Exception {
    var before = KernelConfig.defaults().with("seed", "1");

    var after = before.with("seed", "2");

    assertThat(before.get(CoreSwitches.SEED)).isEqualTo(1);
    assertThat(after.get(CoreSwitches.SEED)).isEqualTo(2);
  }
}
