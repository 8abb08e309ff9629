package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.WaitQueue;

/** Points of a timeline: the stories of the kernel's {@code st-dma-fence-chain.c}. */
class FenceChainTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final List<Fence> fences = new ArrayList<>();
  private final List<FenceChain> chains = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Fence fence() {
    return new Fence(contexts, "mock", "mock", contexts.alloc(1), 1);
  }

  private static long oneByOne(int i) {
    return i + 1L;
  }

  private static long twoByTwo(int i) {
    return 2L * i + 1;
  }

  private FenceChain tail() {
    return chains.getLast();
  }

  private void chain(int count, IntToLongFunction numbers) {
    for (int i = 0; i < count; i++) {
      fences.add(fence());
      FenceChain previous = chains.isEmpty() ? null : chains.getLast();
      chains.add(FenceChain.after(contexts, previous, fences.get(i), numbers.applyAsLong(i)));
      assertThat(tail().enableSoftwareSignaling()).isTrue();
    }
  }

  @Test // find_seqno
  void aPointIsFoundByItsNumber() {
    chain(64, FenceChainTest::oneByOne);

    assertThat(FenceChain.find(tail(), 0)).isSameInstanceAs(tail());
    for (int i = 0; i < 64; i++) {
      FenceChain found = (FenceChain) requireNonNull(FenceChain.find(tail(), i + 1));
      assertThat(found).isSameInstanceAs(chains.get(i));
      assertThat(FenceChain.find(found, i + 1)).isSameInstanceAs(found);
      assertThat(FenceChain.find(found, i + 2)).isNull();
      if (i > 0) {
        assertThat(FenceChain.find(found, i)).isSameInstanceAs(chains.get(i - 1));
      }
    }
    assertThat(FenceChain.find(fence(), 1)).isNull(); // no chain
  }

  @Test // find_signaled
  void aPointThatIsReachedIsTheStub() {
    chain(2, FenceChainTest::oneByOne);
    fences.get(0).signal();

    Fence found = requireNonNull(FenceChain.find(tail(), 1));

    assertThat(found).isSameInstanceAs(contexts.stub());
    assertThat(found.isSignaled()).isTrue();
  }

  @Test // find_out_of_order
  void aPointThatSignalsTooEarlyWaitsForThoseBeforeIt() {
    chain(3, FenceChainTest::oneByOne);
    fences.get(1).signal();

    assertThat(chains.get(1).isSignaled()).isFalse();
    assertThat(FenceChain.find(tail(), 2)).isSameInstanceAs(chains.get(0));
  }

  @Test // find_gap
  void aNumberInAGapIsThePointAfterIt() {
    chain(64, FenceChainTest::twoByTwo);

    for (int i = 0; i < 64; i++) {
      long number = 2L * i + 1;
      assertThat(FenceChain.find(tail(), number)).isSameInstanceAs(chains.get(i));
      if (i > 0) {
        assertThat(FenceChain.find(tail(), number - 1)).isSameInstanceAs(chains.get(i));
      }
    }
  }

  @Test // find_race, with seeds for threads
  void pointsAreFoundWhileOthersSignal() {
    for (int seed = 0; seed < 50; seed++) {
      fences.clear();
      chains.clear();
      chain(64, FenceChainTest::oneByOne);
      Random random = new Random(seed);
      for (int step = 0; step < 300; step++) {
        long number = 1L + random.nextInt(64);
        Fence found = FenceChain.find(tail(), number);
        assertThat(found).isNotNull();
        if (found instanceof FenceChain chain) {
          assertThat(chain.seqno()).isAtMost(number);
        }
        fences.get(random.nextInt(64)).signal();
      }
      fences.forEach(Fence::signal);
      assertThat(tail().isSignaled()).isTrue();
    }
  }

  @Test // signal_forward
  void inOrderEachPointSignalsWithItsFence() {
    chain(64, FenceChainTest::oneByOne);

    for (int i = 0; i < 64; i++) {
      fences.get(i).signal();
      assertThat(chains.get(i).isSignaled()).isTrue();
      if (i < 63) {
        assertThat(chains.get(i + 1).isSignaled()).isFalse();
      }
    }
  }

  @Test // signal_backward
  void inReverseOrderNoneSignalsBeforeTheFirst() {
    chain(64, FenceChainTest::oneByOne);

    for (int i = 63; i > 0; i--) {
      fences.get(i).signal();
      assertThat(chains.get(i).isSignaled()).isFalse();
    }
    fences.get(0).signal();

    for (FenceChain chain : chains) {
      assertThat(chain.isSignaled()).isTrue();
    }
  }

  @Test // wait_forward, wait_backward, wait_random
  void aWaitEndsWithTheLastWhateverTheOrder() {
    for (int seed = 0; seed < 3; seed++) {
      fences.clear();
      chains.clear();
      chain(64, FenceChainTest::oneByOne);
      List<Fence> order = new ArrayList<>(fences);
      if (seed == 1) {
        Collections.reverse(order);
      } else if (seed == 2) {
        Collections.shuffle(order, new Random(seed));
      }
      long startNs = scheduler.nowNs();
      long[] endNs = {0};
      var _ =
          scheduler.spawnUser(
              new Task(100, "test", false),
              () -> {
                var _ = tail().await(WaitQueue.FOREVER);
                endNs[0] = scheduler.nowNs();
              });
      for (int i = 0; i < order.size(); i++) {
        scheduler.after(i + 1, order.get(i)::signal);
      }

      var _ = scheduler.run(() -> false);

      assertThat(endNs[0] - startNs).isEqualTo(64);
    }
  }

  @Test
  void aNumberThatIsNotLaterBeginsATimelineOfItsOwn() {
    FenceChain ten = FenceChain.after(contexts, null, fence(), 10);
    FenceChain four = FenceChain.after(contexts, ten, fence(), 4);
    FenceChain twenty = FenceChain.after(contexts, four, fence(), 20);

    assertThat(ten.prevSeqno()).isEqualTo(0);
    assertThat(four.context()).isNotEqualTo(ten.context());
    assertThat(four.seqno()).isEqualTo(10); // the larger of the two
    assertThat(four.prevSeqno()).isEqualTo(0);
    assertThat(twenty.context()).isEqualTo(four.context());
    assertThat(twenty.prevSeqno()).isEqualTo(10);
  }

  @Test
  void numbersHave64BitsAndNoSign() {
    FenceChain one = FenceChain.after(contexts, null, fence(), 1);
    FenceChain large = FenceChain.after(contexts, one, fence(), 0xffff_ffff_0000_0000L);

    assertThat(large.context()).isEqualTo(one.context());
    assertThat(large.isLaterThan(one)).isTrue();
    assertThat(one.isLaterThan(large)).isFalse();
    assertThat(FenceChain.find(large, 0x8000_0000_0000_0000L)).isSameInstanceAs(large);
  }

  @Test
  void errorsStayWithTheFences() {
    chain(2, FenceChainTest::oneByOne);
    fences.get(0).setError(Errno.EIO);

    fences.forEach(Fence::signal);

    assertThat(tail().isSignaled()).isTrue();
    assertThat(tail().error()).isNull();
  }

  @Test
  void aChainInAChainIsABug() {
    FenceChain chain = FenceChain.after(contexts, null, fence(), 1);

    assertThrows(IllegalArgumentException.class, () -> FenceChain.after(contexts, null, chain, 2));
  }

  @Test
  void aHundredThousandPointsUseNoStack() {
    Fence never = fence();
    FenceChain last = FenceChain.after(contexts, null, never, 1);
    for (int i = 2; i <= 100_000; i++) {
      Fence fence = fence();
      last = FenceChain.after(contexts, last, fence, i);
      fence.signal();
    }

    assertThat(last.isSignaled()).isFalse();
    never.signal();
    assertThat(last.isSignaled()).isTrue();
    assertThat(FenceChain.walk(last)).isNull();
  }
}
