package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Fences out of arrays and chains: the stories of {@code st-dma-fence-unwrap.c}. */
class FenceUnwrapTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Fence fence() {
    return fence(contexts.alloc(1), 1);
  }

  private Fence fence(long context, long seqno) {
    return new Fence(contexts, "mock", "mock", context, seqno);
  }

  private Fence array(Fence... fences) {
    return contexts.all(ImmutableList.copyOf(fences));
  }

  private Fence merge(Fence... fences) {
    return FenceUnwrap.merge(contexts, ImmutableList.copyOf(fences));
  }

  private static List<Fence> of(Fence head) {
    List<Fence> found = new ArrayList<>();
    FenceUnwrap.forEach(head, found::add);
    return found;
  }

  @Test // unwrap_array, unwrap_chain, unwrap_chain_array
  void arraysAndChainsAreTakenApart() {
    Fence one = fence();
    Fence two = fence();

    assertThat(of(one)).containsExactly(one);
    assertThat(of(array(one, two))).containsExactly(one, two).inOrder();
    assertThat(of(FenceChain.after(contexts, one, two, 1))).containsExactly(two, one).inOrder();
    assertThat(of(FenceChain.after(contexts, null, array(one, two), 1)))
        .containsExactly(one, two)
        .inOrder();
  }

  @Test // unwrap_merge, unwrap_merge_duplicate
  void twoAreAnArrayAndOneTwiceIsItself() {
    Fence one = fence();
    Fence two = fence();

    assertThat(of(merge(one, two))).containsExactly(one, two).inOrder();
    assertThat(merge(one, one)).isSameInstanceAs(one);
  }

  @Test // unwrap_merge_seqno
  void theLatestOfATimelineStandsForIt() {
    long first = contexts.alloc(1);
    long second = contexts.alloc(1);
    Fence early = fence(second, 1);
    Fence late = fence(second, 2);
    Fence other = fence(first, 1);

    assertThat(of(merge(early, late, other))).containsExactly(other, late).inOrder();
  }

  @Test // unwrap_merge_order
  void theOrderIsThatOfTheTimelines() {
    Fence one = fence();
    Fence two = fence();
    Fence chain = FenceChain.after(contexts, FenceChain.after(contexts, null, one, 1), two, 1);

    assertThat(of(merge(array(one, two), chain))).containsExactly(one, two).inOrder();
  }

  @Test // unwrap_merge_complex
  void whatHasSignalledIsLeftOut() {
    Fence one = fence();
    Fence two = fence();

    Fence merged = merge(merge(one, two), array(two, one), contexts.stub());

    assertThat(of(merged)).containsExactly(one, two).inOrder();
  }

  @Test // unwrap_merge_complex_seqno
  void arraysOfPartOfTheSameTimelinesAreOne() {
    long first = contexts.alloc(1);
    long second = contexts.alloc(1);
    Fence late = fence(first, 2);
    Fence early = fence(first, 1);
    Fence secondEarly = fence(second, 1);
    Fence secondLate = fence(second, 2);

    Fence merged = merge(array(late, secondEarly), array(early, secondLate));

    assertThat(of(merged)).containsExactly(late, secondLate).inOrder();
  }

  @Test
  void whereAllHaveSignalledTheLastMomentIsKept() {
    Fence one = fence();
    Fence two = fence();
    scheduler.after(100, two::signal);
    scheduler.after(50, one::signal);
    scheduler.after(500, () -> {});
    var _ = scheduler.run(() -> false);

    Fence merged = merge(two, one);

    assertThat(merged.isSignaled()).isTrue();
    assertThat(merged.timestampNs()).isEqualTo(100);
    assertThat(merged).isNotSameInstanceAs(contexts.stub());
  }
}
