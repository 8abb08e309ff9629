package org.smmulator.trace;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;

  private final Clock clock = new Clock();
  private final Dmesg dmesg = new Dmesg(clock);

  /** Virtual time that a test moves. */
  private static final class Clock implements TraceContext {
    long ns;

    @Override
    public long nowNs() {
      return ns;
    }

    @Override
    public int cpu() {
      return 0;
    }

    @Override
    public int pid() {
      return 0;
    }

    @Override
    public String comm() {
      return "test";
    }
  }

  /**
   * Kernel: {@code lib/tests/test_ratelimit.c}: the burst, then nothing until the interval ends.
   */
  @Test
  void tenLinesPassInFiveSecondsAndTheNextIntervalSaysHowManyDidNot() {
    for (int i = 0; i < 12; i++) {
      dmesg.warnRatelimited("who", "line %d", i);
    }
    assertThat(log()).hasSize(10);

    clock.ns = 5 * SECOND;
    dmesg.warnRatelimited("who", "line %d", 12);
    assertThat(log()).hasSize(10);

    clock.ns = 5 * SECOND + 1;
    dmesg.warnRatelimited("who", "line %d", 13);

    assertThat(log().subList(10, 12))
        .containsExactly("who: 3 callbacks suppressed", "line 13")
        .inOrder();
  }

  @Test
  void eachMessageHasALimitOfItsOwn() {
    for (int i = 0; i < 11; i++) {
      dmesg.warnRatelimited("who", "one %d", i);
    }

    dmesg.warnRatelimited("who", "other");
    dmesg.warnRatelimited("else", "one %d", 0);

    assertThat(log()).hasSize(12);
  }

  private ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }
}
