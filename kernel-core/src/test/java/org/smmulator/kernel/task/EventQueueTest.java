package org.smmulator.kernel.task;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The queue against a sorted list. */
class EventQueueTest {
  private record Expected(TimedEvent event, long timeNs, int order) {}

  @Test
  void eventsComeByTimeAndThoseOfOneMomentInTheOrderInWhichTheyWereScheduled() {
    SplittableRandom random = new SplittableRandom(7);
    EventQueue queue = new EventQueue();
    List<Expected> reference = new ArrayList<>();

    for (int step = 0; step < 20_000; step++) {
      int what = random.nextInt(10);
      if (what < 5 || reference.isEmpty()) {
        TimedEvent event = new TimedEvent(() -> {});
        long timeNs = random.nextInt(1000);
        queue.add(event, timeNs);
        reference.add(new Expected(event, timeNs, step));
      } else if (what < 7) {
        queue.remove(reference.remove(random.nextInt(reference.size())).event());
      } else {
        Expected first =
            reference.stream()
                .min(Comparator.comparingLong(Expected::timeNs).thenComparingInt(Expected::order))
                .orElseThrow();
        reference.remove(first);
        assertThat(queue.firstTimeNs()).isEqualTo(first.timeNs());
        assertThat(queue.removeFirst()).isSameInstanceAs(first.event());
      }
      assertThat(queue.size()).isEqualTo(reference.size());
    }
  }

  @Test
  void anEventThatIsNotQueuedCanBeRemovedWithoutHarm() {
    EventQueue queue = new EventQueue();
    TimedEvent event = new TimedEvent(() -> {});

    queue.remove(event);

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.firstTimeNs()).isEqualTo(Long.MAX_VALUE);
  }
}
