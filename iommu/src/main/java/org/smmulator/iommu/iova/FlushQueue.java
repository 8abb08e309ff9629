package org.smmulator.iommu.iova;

import java.util.function.IntSupplier;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * Ranges that are unmapped but may still be in a TLB, until one flush has dealt with all of them.
 *
 * <p>Kernel: {@code struct iova_fq} and {@code queue_iova()}. Until then a device can still reach
 * the memory: that is the price of lazy mode, and the interval is its bound.
 */
public final class FlushQueue {
  /**
   * The shape of the queues.
   *
   * @param single whether all CPUs share one queue
   * @param entries how many ranges a queue has room for, plus one; a power of two
   * @param intervalNs from the first range queued to the flush
   */
  public record Options(boolean single, int entries, long intervalNs) {
    /** A queue for each CPU, where a flush is cheap. */
    public static final Options PER_CPU = new Options(false, 256, 10_000_000);

    /** One large queue, for hardware whose flush is an event (a hypervisor's shadow tables). */
    public static final Options SINGLE = new Options(true, 32_768, 1_000_000_000);
  }

  private final IovaCaches iovas;
  private final Runnable flush;
  private final Scheduler scheduler;
  private final Options options;
  private final IntSupplier currentCpu;
  private final Ring[] rings;
  private final Timer timer;
  private final Work work;
  private boolean closed;

  /**
   * The numbers of flushes that began and that ended: a flush covers what was queued before it
   * began.
   */
  private long started;

  private long finished;

  /**
   * Makes empty queues.
   *
   * @param iovas where ranges go after the flush
   * @param flush returns when no TLB holds anything of the domain; may wait
   * @param worker who calls it when the time has come
   * @param cpus how many CPUs there are
   * @param currentCpu which of them asks
   */
  public FlushQueue(
      IovaCaches iovas,
      Runnable flush,
      Scheduler scheduler,
      Workqueue worker,
      Options options,
      int cpus,
      IntSupplier currentCpu) {
    this.iovas = iovas;
    this.flush = flush;
    this.scheduler = scheduler;
    this.options = options;
    this.currentCpu = currentCpu;
    rings = new Ring[options.single() ? 1 : cpus];
    for (int i = 0; i < rings.length; i++) {
      rings[i] = new Ring(options.entries());
    }
    work = worker.work(this::flushAll);
    timer = new Timer(scheduler, work::queue);
  }

  /** Takes over a range that no table maps any more. A full queue is flushed first. */
  public void queue(long pfn, long pages) {
    Ring ring = rings[options.single() ? 0 : currentCpu.getAsInt()];
    ring.freeFlushed();
    if (ring.isFull()) {
      flushTlbs();
      ring.freeFlushed();
    }
    ring.add(pfn, pages);
    if (!timer.isPending()) {
      timer.modify(scheduler.nowNs() + options.intervalNs());
    }
  }

  /** The number of ranges that wait for a flush. */
  public int pending() {
    int pending = 0;
    for (Ring ring : rings) {
      pending += ring.used();
    }
    return pending;
  }

  /** Flushes, and frees what was queued before. Kernel: {@code fq_flush_timeout()}. */
  public void flushAll() {
    if (closed) {
      return;
    }
    flushTlbs();
    for (Ring ring : rings) {
      ring.freeFlushed();
    }
  }

  /** Ends the queue with its domain: nothing is flushed any more. */
  public void close() {
    closed = true;
    timer.cancel();
  }

  private void flushTlbs() {
    started++;
    flush.run();
    finished++;
  }

  private final class Ring {
    private final long[] pfns;
    private final long[] pages;

    /** The number of flushes that had begun when a range was queued. */
    private final long[] startedBefore;

    private int head;
    private int tail;

    Ring(int entries) {
      pfns = new long[entries];
      pages = new long[entries];
      startedBefore = new long[entries];
    }

    int used() {
      return (tail - head) & (pfns.length - 1);
    }

    boolean isFull() {
      return used() == pfns.length - 1;
    }

    void add(long pfn, long count) {
      pfns[tail] = pfn;
      pages[tail] = count;
      startedBefore[tail] = started;
      tail = (tail + 1) & (pfns.length - 1);
    }

    /** Kernel: {@code fq_ring_free_locked()}. */
    void freeFlushed() {
      while (head != tail && startedBefore[head] < finished) {
        iovas.free(pfns[head], pages[head]);
        head = (head + 1) & (pfns.length - 1);
      }
    }
  }
}
