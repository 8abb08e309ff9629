package org.smmulator.kernel.task;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The wheel against a sorted list. */
class EventWheelTest {
  private record Expected(TimedEvent event, long timeNs, int order) {}

  @Test
  void eventsComeByTimeAndThoseOfOneMomentInTheOrderInWhichTheyWereScheduled() {
    SplittableRandom random = new SplittableRandom(7);
    EventWheel wheel = new EventWheel();
    List<Expected> reference = new ArrayList<>();
    long nowNs = 0;

    for (int step = 0; step < 20_000; step++) {
      int what = random.nextInt(10);
      if (what < 5 || reference.isEmpty()) {
        TimedEvent event = new TimedEvent(() -> {});
        long timeNs =
            nowNs
                + (random.nextBoolean()
                    ? random.nextInt(8)
                    : random.nextLong(1L << random.nextInt(40)));
        wheel.add(event, timeNs);
        reference.add(new Expected(event, timeNs, step));
      } else if (what < 7) {
        wheel.remove(reference.remove(random.nextInt(reference.size())).event());
      } else {
        Expected first =
            reference.stream()
                .min(Comparator.comparingLong(Expected::timeNs).thenComparingInt(Expected::order))
                .orElseThrow();
        reference.remove(first);
        assertThat(wheel.firstTimeNs()).isEqualTo(first.timeNs());
        assertThat(wheel.removeFirst()).isSameInstanceAs(first.event());
        nowNs = first.timeNs();
      }
      assertThat(wheel.size()).isEqualTo(reference.size());
    }
  }

  @Test
  void anEventThatIsNotQueuedCanBeRemovedWithoutHarm() {
    EventWheel wheel = new EventWheel();
    TimedEvent event = new TimedEvent(() -> {});

    wheel.remove(event);

    assertThat(wheel.isEmpty()).isTrue();
    assertThat(wheel.firstTimeNs()).isEqualTo(Long.MAX_VALUE);
  }
}
