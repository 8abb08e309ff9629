package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.UserContext;

/** Reservations: the stories of the kernel's {@code st-dma-resv.c} and of its drm_exec tests. */
class ReservationTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
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

  /** test_signaling, test_for_each, test_for_each_unlocked, test_get_fences, for each usage. */
  @ParameterizedTest
  @EnumSource(Usage.class)
  void aFenceIsSeenFromItsUsageOnAndUntilItSignals(Usage usage) {
    Reservation buffer = reservations.reservation();
    Fence fence = fence(1, 1);

    inTask(() -> add(buffer, fence, usage));

    for (Usage level : Usage.values()) {
      boolean seen = level.compareTo(usage) >= 0;
      assertThat(fences(buffer, level)).hasSize(seen ? 1 : 0);
      assertThat(buffer.pending(level)).hasSize(seen ? 1 : 0);
      assertThat(buffer.isSignaled(level)).isEqualTo(!seen);
    }
    fence.signal();
    assertThat(buffer.isSignaled(Usage.BOOKKEEP)).isTrue();
    assertThat(buffer.pending(Usage.BOOKKEEP)).isEmpty(); // unlocked
    assertThat(fences(buffer, Usage.BOOKKEEP)).containsExactly(fence); // locked
  }

  @Test
  void roomIsReservedBeforeAFenceIsAdded() {
    Reservation buffer = reservations.reservation();

    inTask(() -> {
      try (var _ = reservations.lock(buffer)) {
        log.add(threw(() -> buffer.add(fence(1, 1), Usage.READ)));
        buffer.reserve(1); // four, as it is the first time
        for (int i = 1; i <= 4; i++) {
          buffer.add(fence(i, 1), Usage.READ);
        }
        log.add(threw(() -> buffer.add(fence(5, 1), Usage.READ)));
        buffer.add(fence(4, 2), Usage.READ); // takes the place of another
        log.add(threw(() -> buffer.reserve(0)));
        buffer.reserve(1);
        buffer.add(fence(5, 1), Usage.READ);
      }
      log.add(threw(() -> buffer.reserve(1)));
    });

    assertThat(log)
        .containsExactly(
            "IllegalStateException",
            "IllegalStateException",
            "IllegalArgumentException",
            "IllegalStateException")
        .inOrder();
    assertThat(buffer.pending(Usage.READ)).hasSize(5);
  }

  @Test
  void nothingChangesWithoutTheLock() {
    Reservation buffer = reservations.reservation();
    Reservation other = reservations.reservation();
    inTask(() -> add(buffer, fence(1, 1), Usage.READ));

    assertThat(threw(() -> buffer.add(fence(1, 2), Usage.READ))).isEqualTo("IllegalStateException");
    assertThat(threw(() -> buffer.replace(1, fence(2, 1), Usage.READ)))
        .isEqualTo("IllegalStateException");
    assertThat(threw(() -> buffer.copyFrom(other))).isEqualTo("IllegalStateException");
    assertThat(buffer.pending(Usage.READ)).hasSize(1);
  }

  /** {@code dma_resv_reserve_fences()}: at least four, then twice as many, or as asked for. */
  @ParameterizedTest
  @CsvSource({"0, 1, 4", "0, 5, 8", "4, 1, 8", "4, 5, 9", "2, 2, 4"})
  void roomGrowsByTwo(int there, int more, int room) {
    Reservation buffer = reservations.reservation();

    inTask(() -> {
      for (int i = 1; i <= there; i++) {
        add(buffer, fence(i, 1), Usage.READ);
      }
      try (var _ = reservations.lock(buffer)) {
        buffer.reserve(more);
        for (int i = there + 1; i <= room; i++) {
          buffer.add(fence(i, 1), Usage.READ);
        }
        log.add(threw(() -> buffer.add(fence(99, 1), Usage.READ)));
      }
    });

    assertThat(log).containsExactly("IllegalStateException");
    assertThat(buffer.pending(Usage.READ)).hasSize(room);
  }

  @Test
  void whereThereIsRoomWhatHasSignalledStays() {
    Reservation buffer = reservations.reservation();
    Fence old = fence(1, 1);

    inTask(() -> {
      add(buffer, old, Usage.READ);
      old.signal();
      try (var _ = reservations.lock(buffer)) {
        buffer.reserve(3);
      }
    });

    assertThat(fences(buffer, Usage.READ)).containsExactly(old);
  }

  @Test
  void anEarlierPointOfATimelineHidesNoLaterOne() {
    Reservation buffer = reservations.reservation();
    Fence later = fence(1, 2);
    Fence earlier = fence(1, 1);

    inTask(() -> {
      add(buffer, later, Usage.WRITE);
      add(buffer, later, Usage.WRITE);
      add(buffer, earlier, Usage.WRITE);
    });

    assertThat(fences(buffer, Usage.WRITE)).containsExactly(later, earlier).inOrder();
  }

  @Test
  void aWaitIsForAllOfALevel() {
    Reservation buffer = reservations.reservation();
    Fence one = fence(1, 1);
    Fence two = fence(2, 1);
    scheduler.after(500, one::signal);
    scheduler.after(700, two::signal);

    inTask(() -> {
      add(buffer, one, Usage.WRITE);
      add(buffer, two, Usage.WRITE);
      log.add(buffer.awaitInterruptible(Usage.WRITE, 600) + "@" + scheduler.nowNs());
      buffer.await(Usage.WRITE);
      log.add("done@" + scheduler.nowNs());
      log.add(buffer.awaitInterruptible(Usage.WRITE, 0).toString());
    });

    assertThat(log).containsExactly("TIMED_OUT@600", "done@700", "DONE").inOrder();
  }

  @Test
  void aDeadlineIsForTheFencesOfItsLevel() {
    Reservation buffer = reservations.reservation();
    Fence write = hinted(1);
    Fence read = hinted(2);

    inTask(() -> {
      add(buffer, write, Usage.WRITE);
      add(buffer, read, Usage.READ);
      buffer.setDeadline(Usage.WRITE, 10);
      buffer.setDeadline(Usage.READ, 20);
    });

    assertThat(log).containsExactly("1 by 10", "1 by 20", "2 by 20").inOrder();
  }

  private Fence hinted(long context) {
    return new Fence(contexts, "test", "timeline", context, 1) {
      @Override
      protected void deadlineHinted(long deadlineNs) {
        log.add(context + " by " + deadlineNs);
      }
    };
  }

  private static String threw(Runnable body) {
    return assertThrows(RuntimeException.class, body::run).getClass().getSimpleName();
  }

  @Test
  void moreRoomDropsWhatHasSignalled() {
    Reservation buffer = reservations.reservation();
    Fence old = fence(1, 1);

    inTask(() -> {
      try (var _ = reservations.lock(buffer)) {
        buffer.reserve(4);
        buffer.add(old, Usage.READ);
        old.signal();
        buffer.reserve(4);
      }
    });

    assertThat(fences(buffer, Usage.BOOKKEEP)).isEmpty();
  }

  @Test
  void anotherFenceTakesThePlaceOfAWholeTimeline() {
    Reservation buffer = reservations.reservation();
    Fence unmapped = fence(9, 1);

    inTask(() -> {
      try (var _ = reservations.lock(buffer)) {
        buffer.reserve(3);
        buffer.add(fence(1, 1), Usage.WRITE);
        buffer.add(fence(2, 1), Usage.READ);
        buffer.replace(1, unmapped, Usage.BOOKKEEP);
      }
    });

    assertThat(fences(buffer, Usage.WRITE)).isEmpty();
    assertThat(fences(buffer, Usage.READ)).hasSize(1);
    assertThat(fences(buffer, Usage.READ)).doesNotContain(unmapped);
    assertThat(fences(buffer, Usage.BOOKKEEP)).contains(unmapped);
  }

  @Test
  void aCopyHasWhatHasNotSignalled() {
    Reservation from = reservations.reservation();
    Reservation to = reservations.reservation();
    Fence write = fence(1, 1);
    Fence read = fence(2, 1);

    inTask(() -> {
      add(from, write, Usage.WRITE);
      add(from, read, Usage.READ);
      add(to, fence(3, 1), Usage.WRITE);
      write.signal();
      try (var _ = reservations.lock(to)) {
        to.copyFrom(from);
      }
    });

    assertThat(fences(to, Usage.BOOKKEEP)).containsExactly(read);
    assertThat(fences(to, Usage.WRITE)).isEmpty();
  }

  @Test
  void oneFenceStandsForAll() {
    Reservation buffer = reservations.reservation();
    Fence write = fence(1, 1);
    Fence read = fence(2, 1);

    assertThat(buffer.singleton(Usage.BOOKKEEP)).isNull();
    inTask(() -> {
      add(buffer, write, Usage.WRITE);
      add(buffer, read, Usage.READ);
    });

    assertThat(buffer.singleton(Usage.WRITE)).isSameInstanceAs(write);
    FenceArray all = (FenceArray) requireNonNull(buffer.singleton(Usage.READ));
    assertThat(all.fences()).containsExactly(write, read).inOrder();
    assertThat(buffer.describe())
        .isEqualTo(
            """
            \twrite fence:1:1 timeline test unsignalled
            \tread fence:2:1 timeline test unsignalled
            """);
  }

  @Test
  void anArrayIsNoFenceOfAReservation() {
    Reservation buffer = reservations.reservation();
    Fence array = contexts.all(ImmutableList.of(fence(1, 1)));

    inTask(() -> log.add(threw(() -> add(buffer, array, Usage.READ))));

    assertThat(log).containsExactly("IllegalArgumentException");
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
      buffer.reserve(1);
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
