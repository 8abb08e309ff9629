package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.WaitResult;

/** Fences and reservations: the stories of the kernel's dma-buf self tests. */
class FenceTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts = new FenceContexts(scheduler);
  private final ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Fence fence(long context, long seqno) {
    return new Fence(contexts, "test", "timeline", context, seqno);
  }

  private void inTask(Runnable body) {
    var _ = scheduler.spawnUser(new Task(100, "test", false), body);
    var _ = scheduler.run(() -> false);
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

    two.setError(Errno.ECANCELED);
    two.signal();
    assertThat(all.isSignaled()).isFalse();
    one.signal();

    assertThat(all.error()).isEqualTo(Errno.EIO);
    assertThat(contexts.all(ImmutableList.of()).isSignaled()).isTrue();
  }

  @Test
  void aReaderWaitsForWritersAndAWriterForAll() {
    Reservation buffer = reservations.reservation();
    Fence write = fence(1, 1);
    Fence read = fence(2, 1);
    Fence keep = fence(3, 1);

    inTask(() -> {
      add(buffer, write, Usage.WRITE);
      add(buffer, read, Usage.READ);
      add(buffer, keep, Usage.BOOKKEEP);
    });

    assertThat(fences(buffer, Usage.toWaitFor(false))).containsExactly(write);
    assertThat(fences(buffer, Usage.toWaitFor(true))).containsExactly(write, read).inOrder();
    write.signal();
    assertThat(buffer.isSignaled(Usage.WRITE)).isTrue();
    assertThat(buffer.isSignaled(Usage.READ)).isFalse();
  }

  @Test
  void aLaterFenceOfTheTimelineReplacesWhatStandsForNoMore() {
    Reservation buffer = reservations.reservation();
    Fence write = fence(1, 1);
    Fence laterRead = fence(1, 2);
    Fence laterWrite = fence(1, 3);

    inTask(() -> {
      add(buffer, write, Usage.WRITE);
      add(buffer, laterRead, Usage.READ); // a read must not hide the write
      add(buffer, laterWrite, Usage.WRITE);
    });

    assertThat(fences(buffer, Usage.BOOKKEEP)).containsExactly(laterWrite, laterRead).inOrder();
  }

  @Test // drm_exec: test_duplicates
  void aBufferThatIsThereTwiceIsEalready() {
    Reservation a = reservations.reservation();
    Reservation b = reservations.reservation();

    inTask(() -> {
      var e =
          assertThrows(ErrnoException.class, () -> reservations.lockAll(ImmutableList.of(a, b, a)));
      log.add(e.errno().toString());
      add(a, fence(1, 1), Usage.READ); // nothing stayed locked
    });

    assertThat(log).containsExactly("EALREADY");
  }

  @Test
  void twoThatLockInOppositeOrderBothGetThrough() {
    Reservation a = reservations.reservation();
    Reservation b = reservations.reservation();
    lockInTask("forwards", ImmutableList.of(a, b));
    lockInTask("backwards", ImmutableList.of(b, a));

    var _ = scheduler.run(() -> false);

    assertThat(log).containsExactly("forwards", "backwards");
  }

  private void lockInTask(String name, ImmutableList<Reservation> wanted) {
    var _ =
        scheduler.spawnUser(
            new Task(100, name, false),
            () -> {
              try (var _ = reservations.lockAll(wanted)) {
                scheduler.sleep(100);
                log.add(name);
              } catch (ErrnoException e) {
                throw new AssertionError(e);
              }
            });
  }

  private void add(Reservation buffer, Fence fence, Usage usage) {
    try (var _ = reservations.lockAll(ImmutableList.of(buffer))) {
      buffer.add(fence, usage);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Fence> fences(Reservation buffer, Usage level) {
    List<Fence> found = new ArrayList<>();
    buffer.forEach(level, found::add);
    return found;
  }
}
