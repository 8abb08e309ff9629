package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.UserContext;
import org.smmulator.kernel.task.WaitResult;

/** Fences and arrays of them: the stories of the kernel's {@code st-dma-fence.c}. */
class FenceTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Fence fence(long context, long seqno) {
    return new Fence(contexts, "test", "timeline", context, seqno);
  }

  private void inTask(UserContext.Body body) {
    UserContext.run(scheduler, body);
  }

  @Test // test_add_callback, test_rm_callback, test_late_add_callback
  void callbacksRunOnceInOrderAndNotAfterRemoval() {
    Fence fence = fence(1, 1);
    Runnable removed = () -> log.add("removed");
    assertThat(fence.addCallback(() -> log.add("first"))).isTrue();
    assertThat(fence.addCallback(removed)).isTrue();
    assertThat(fence.addCallback(() -> log.add("last"))).isTrue();

    assertThat(fence.removeCallback(removed)).isTrue();
    fence.signal();
    fence.signal();

    assertThat(log).containsExactly("first", "last").inOrder();
    assertThat(fence.addCallback(removed)).isFalse();
    assertThat(fence.removeCallback(removed)).isFalse();
  }

  /** Kernel: {@code dma_fence_signal_timestamp_locked()} gives up at the flag. */
  @Test
  void aSecondSignalChangesNothingNotEvenTheTime() {
    Fence fence = fence(1, 1);
    inTask(() -> {
      scheduler.sleep(500);
      fence.signal();
      scheduler.sleep(500);
      fence.signal();
    });

    assertThat(fence.timestampNs()).isEqualTo(500);
  }

  @Test
  void whoPollsASyncFileIsWokenByTheSignal() {
    Fence fence = fence(1, 1);
    FileOperations file = SyncFile.open(fence).operations();
    file.addPollListener(() -> log.add("readable"));
    assertThat(file.poll()).isEqualTo(0);

    fence.signal();

    assertThat(log).containsExactly("readable");
    assertThat(file.poll()).isEqualTo(FileOperations.POLLIN);
  }

  @Test // test_error
  void anErrorShowsOnlyAfterTheSignal() {
    Fence fence = fence(1, 1);

    fence.setError(Errno.EIO);
    assertThat(fence.error()).isNull();
    fence.signal();

    assertThat(fence.error()).isEqualTo(Errno.EIO);
    assertThrows(IllegalStateException.class, () -> fence.setError(Errno.EIO));
  }

  @Test // test_wait, test_wait_timeout
  void aWaitEndsWithTheSignalOrWithTheDeadline() {
    Fence fence = fence(1, 1);
    scheduler.after(500, fence::signal);

    inTask(() -> {
      log.add(fence.awaitInterruptible(100) + "@" + scheduler.nowNs());
      log.add(fence.awaitInterruptible(1000) + "@" + scheduler.nowNs());
      log.add(fence.awaitInterruptible(0) + "@" + scheduler.nowNs());
    });

    assertThat(log).containsExactly("TIMED_OUT@100", "DONE@500", "DONE@500").inOrder();
    assertThat(fence.timestampNs()).isEqualTo(500);
  }

  @Test
  void aKillEndsAnInterruptibleWait() {
    Fence fence = fence(1, 1);
    Task task = new Task(100, "test", false);
    var _ = scheduler.spawnUser(task, () -> log.add("" + fence.awaitInterruptible(1000)));
    scheduler.after(10, () -> scheduler.kill(task));

    var _ = scheduler.run(() -> false);

    assertThat(log).containsExactly(WaitResult.INTERRUPTED.toString());
  }

  @Test
  void numbersOfATimelineMayWrap() {
    assertThat(fence(1, 1).isLaterThan(fence(1, 0xffffffffL))).isTrue();
    assertThat(fence(1, 0xffffff00L).isLaterThan(fence(1, 5))).isFalse();
    assertThat(fence(1, 5).isLaterThan(fence(1, 5))).isFalse();
  }

  @Test
  void onlyPointsOfOneTimelineAreLaterThanEachOther() {
    Fence one = fence(1, 1);
    Fence other = fence(2, 2);

    assertThrows(IllegalStateException.class, () -> other.isLaterThan(one));
    assertThat(one.toString()).isEqualTo("test:timeline:1:1");
  }

  /** {@code __dma_fence_enable_signaling()} signals what turns out to have ended. */
  @Test
  void aFenceWhoseWorkHadEndedWhenItWasAskedSignalsThen() {
    Fence ended =
        new Fence(contexts, "test", "timeline", 1, 1) {
          @Override
          protected boolean enableSignaling() {
            return false;
          }
        };
    assertThat(ended.isSignaled()).isFalse();

    assertThat(ended.enableSoftwareSignaling()).isFalse();
    assertThat(ended.isSignaled()).isTrue();
    assertThat(ended.enableSoftwareSignaling()).isFalse();
    assertThat(fence(1, 2).enableSoftwareSignaling()).isTrue();
  }

  @Test
  void anArraySignalsWithItsLast() {
    Fence one = fence(1, 1);
    Fence two = fence(2, 1);
    Fence both = contexts.all(ImmutableList.of(one, two));

    one.signal();
    assertThat(both.isSignaled()).isFalse();
    two.signal();

    assertThat(both.isSignaled()).isTrue();
  }

  /** {@code dma_fence_array_set_pending_error()}. */
  @Test
  void anArrayHasTheErrorOfTheFirstThatFailed() {
    Fence one = fence(1, 1);
    Fence two = fence(2, 1);
    Fence three = fence(3, 1);
    three.setError(Errno.EIO);
    three.signal();
    Fence all = contexts.all(ImmutableList.of(one, two, three));
    assertThat(all.addCallback(() -> log.add("all"))).isTrue();

    two.setError(Errno.ECANCELED);
    two.signal();
    assertThat(all.isSignaled()).isFalse();
    one.signal();

    assertThat(all.error()).isEqualTo(Errno.EIO);
    assertThat(log).containsExactly("all");
  }

  @Test
  void anArrayOfWhatHasSignalledHasTheErrorAtOnce() {
    Fence one = fence(1, 1);
    Fence two = fence(2, 1);
    Fence all = contexts.all(ImmutableList.of(one, two));
    one.signal();
    two.setError(Errno.EIO);
    two.signal();

    assertThat(all.enableSoftwareSignaling()).isFalse();

    assertThat(all.error()).isEqualTo(Errno.EIO);
  }

  /** {@code dma_fence_array_signaled()} clears the error that nobody had been told of yet. */
  @Test
  void anArrayThatNobodyWaitsForSeesNoErrors() {
    Fence one = fence(1, 1);
    Fence all = contexts.all(ImmutableList.of(one));
    one.setError(Errno.EIO);

    assertThat(all.isSignaled()).isFalse();
    one.signal();

    assertThat(all.isSignaled()).isTrue();
    assertThat(all.error()).isNull();
  }

  @Test
  void anArrayOfNothingOrOfArraysIsABug() {
    Fence array = contexts.all(ImmutableList.of(fence(1, 1)));

    assertThrows(IllegalArgumentException.class, () -> contexts.all(ImmutableList.of()));
    assertThrows(IllegalArgumentException.class, () -> contexts.all(ImmutableList.of(array)));
  }

  /** {@code dma_fence_signal_timestamp_locked()} drops the operations of who needs them no more. */
  @Test
  void aFenceThatHasSignalledForgetsWhoseItWas() {
    Fence fence = fence(1, 1);
    assertThat(fence.describe()).isEqualTo("1:1 timeline test unsignalled\n");

    fence.signal();

    assertThat(fence.driverName()).isEqualTo("detached-driver");
    assertThat(fence.timelineName()).isEqualTo("signaled-timeline");
    assertThat(fence.describe()).isEqualTo("1:1   signalled\n");
  }

  @Test
  void aDeadlineIsForWhatHasNotSignalled() {
    List<Long> hints = new ArrayList<>();
    Fence one = hinted(1, hints);
    Fence two = hinted(2, hints);
    Fence both = contexts.all(ImmutableList.of(one, two));
    Fence chain = FenceChain.after(contexts, FenceChain.after(contexts, null, one, 1), two, 2);

    both.setDeadline(10);
    one.signal();
    both.setDeadline(20);
    chain.setDeadline(30);

    assertThat(hints).containsExactly(10L, 10L, 20L, 30L).inOrder();
  }

  private Fence hinted(long context, List<Long> hints) {
    return new Fence(contexts, "test", "timeline", context, 1) {
      @Override
      protected void deadlineHinted(long deadlineNs) {
        hints.add(deadlineNs);
      }
    };
  }
}
