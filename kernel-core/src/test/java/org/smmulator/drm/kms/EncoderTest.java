package org.smmulator.drm.kms;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which an encoder's bridges are called: drm_bridge.c. */
class EncoderTest {
  private final List<String> calls = new ArrayList<>();

  private Bridge bridge(String name) {
    return new Bridge() {
      @Override
      public void preEnable() {
        calls.add("pre-enable " + name);
      }

      @Override
      public void enable() {
        calls.add("enable " + name);
      }

      @Override
      public void disable() {
        calls.add("disable " + name);
      }

      @Override
      public void postDisable() {
        calls.add("post-disable " + name);
      }
    };
  }

  @Test
  void theLastBridgeIsPreparedFirstAndTurnedOffFirst() {
    Encoder encoder = new Encoder(0, 0, 1);
    encoder.attach(bridge("far"));
    encoder.attach(bridge("near"));

    encoder.preEnable();
    encoder.enable();
    encoder.disable();
    encoder.postDisable();

    assertThat(calls)
        .containsExactly(
            "pre-enable far",
            "pre-enable near",
            "enable near",
            "enable far",
            "disable far",
            "disable near",
            "post-disable near",
            "post-disable far")
        .inOrder();
  }
}
