package org.smmulator.iommu.iova;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Workqueue;

/** Freed ranges: kept at hand, kept out of use while a TLB may hold them, and given back. */
class IovaCachesTest {
  private static final long LIMIT = 0xfffff;
  private static final long MS = 1_000_000;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  private final IovaDomain domain = new IovaDomain(12, 1);
  private int cpu;
  private final IovaCaches iovas = new IovaCaches(domain, scheduler, 2, () -> cpu);

  @AfterEach
  void shutDown() {
    scheduler.close();
  }

  @Test
  void sizesThatCachesKeepAreRoundedUpAndOthersAreNot() {
    assertThat(iovas.alloc(17, LIMIT, true)).isEqualTo(0xfffe0);
    assertThat(iovas.alloc(1, LIMIT, true)).isEqualTo(0xfffdf);
    assertThat(iovas.alloc(33, LIMIT, true)).isEqualTo(0xfff80);
    assertThat(iovas.alloc(1, LIMIT, true)).isEqualTo(0xfff7f);
    assertThat(iovas.alloc(8, LIMIT, true)).isEqualTo(0xfff70);
  }

  @Test
  void aFreedRangeComesBackToTheSameCpuFirst() {
    long first = iovas.alloc(3, LIMIT, true);
    iovas.free(first, 3);

    cpu = 1;
    assertThat(iovas.alloc(4, LIMIT, true)).isNotEqualTo(first);
    cpu = 0;
    assertThat(iovas.alloc(4, LIMIT, true)).isEqualTo(first);
  }

  @Test
  void aCachedRangeAboveTheLimitIsPassedOver() {
    List<Long> taken = takeSingles(3);
    taken.forEach(pfn -> iovas.free(pfn, 1));

    assertThat(iovas.alloc(1, 0xffffe, true)).isEqualTo(0xffffd);
    assertThat(iovas.alloc(1, 0xffffe, true)).isEqualTo(0xffffe);
    assertThat(iovas.alloc(1, 0xffffe, true)).isEqualTo(0xffffc);
  }

  @Test
  void whenAllElseFailsTheCachesOfAllCpusAreEmptied() {
    cpu = 1;
    long only = iovas.alloc(8, 15, true);
    iovas.free(only, 8);
    cpu = 0;

    assertThat(iovas.alloc(8, 15, false)).isEqualTo(IovaDomain.NONE);
    assertThat(iovas.alloc(8, 15, true)).isEqualTo(only);
  }

  @Test
  void aCpuThatFreesMoreThanTwoMagazinesSharesTheRest() {
    List<Long> taken = takeSingles(3 * 127);
    taken.forEach(pfn -> iovas.free(pfn, 1));

    cpu = 1;
    assertThat(iovas.alloc(1, LIMIT, true)).isEqualTo(taken.get(2 * 127 - 1));
  }

  @Test
  void aDepotWithMoreMagazinesThanCpusLosesOneEvery100Ms() {
    takeSingles(6 * 127).forEach(pfn -> iovas.free(pfn, 1));

    // Two magazines are the CPU's, four are in the depot, and two of these may stay.
    passMs(99);
    assertThat(domain.rangesInUse()).isEqualTo(6 * 127);
    passMs(2);
    assertThat(domain.rangesInUse()).isEqualTo(5 * 127);
    passMs(100);
    assertThat(domain.rangesInUse()).isEqualTo(4 * 127);
    passMs(1000);
    assertThat(domain.rangesInUse()).isEqualTo(4 * 127);
  }

  @Test
  void whatIsQueuedIsInUseUntilTheFlush() {
    int[] flushes = new int[1];
    FlushQueue queue = queue(FlushQueue.Options.PER_CPU, flushes);
    long pfn = iovas.alloc(1, LIMIT, true);

    queue.queue(pfn, 1);
    assertThat(iovas.alloc(1, LIMIT, true)).isEqualTo(pfn - 1);
    passMs(9);
    assertThat(flushes[0]).isEqualTo(0);
    passMs(2);

    assertThat(flushes[0]).isEqualTo(1);
    assertThat(queue.pending()).isEqualTo(0);
    assertThat(iovas.alloc(1, LIMIT, true)).isEqualTo(pfn);
  }

  @Test
  void aFullQueueIsFlushedAtOnce() {
    int[] flushes = new int[1];
    FlushQueue queue = queue(FlushQueue.Options.PER_CPU, flushes);
    List<Long> taken = takeSingles(256);

    taken.subList(0, 255).forEach(pfn -> queue.queue(pfn, 1));
    assertThat(flushes[0]).isEqualTo(0);
    queue.queue(taken.getLast(), 1);

    assertThat(flushes[0]).isEqualTo(1);
    assertThat(queue.pending()).isEqualTo(1);
  }

  @Test
  void aFlushOnOneCpuFreesWhatOthersQueuedBefore() {
    int[] flushes = new int[1];
    FlushQueue queue = queue(FlushQueue.Options.PER_CPU, flushes);
    cpu = 1;
    queue.queue(iovas.alloc(1, LIMIT, true), 1);
    cpu = 0;
    takeSingles(256).forEach(pfn -> queue.queue(pfn, 1));
    assertThat(queue.pending()).isEqualTo(2);

    cpu = 1;
    queue.queue(iovas.alloc(1, LIMIT, true), 1);

    assertThat(queue.pending()).isEqualTo(2);
    assertThat(flushes[0]).isEqualTo(1);
  }

  @Test
  void theSingleQueueIsSharedAndWaitsASecond() {
    int[] flushes = new int[1];
    FlushQueue queue = queue(FlushQueue.Options.SINGLE, flushes);
    takeSingles(1000).forEach(pfn -> queue.queue(pfn, 1));
    cpu = 1;
    queue.queue(iovas.alloc(1, LIMIT, true), 1);

    passMs(999);
    assertThat(queue.pending()).isEqualTo(1001);
    passMs(2);

    assertThat(queue.pending()).isEqualTo(0);
    assertThat(flushes[0]).isEqualTo(1);
  }

  private FlushQueue queue(FlushQueue.Options options, int[] flushes) {
    Workqueue worker = new Workqueue(scheduler, "kworker/0:1");
    return new FlushQueue(iovas, () -> flushes[0]++, scheduler, worker, options, 2, () -> cpu);
  }

  private List<Long> takeSingles(int count) {
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(iovas.alloc(1, LIMIT, true));
    }
    return taken;
  }

  private void passMs(long ms) {
    long until = scheduler.nowNs() + ms * MS;
    boolean[] there = new boolean[1];
    scheduler.after(ms * MS, () -> there[0] = true);
    var _ = scheduler.run(() -> there[0]);
    assertThat(scheduler.nowNs()).isAtLeast(until);
  }
}
