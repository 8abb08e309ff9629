package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.PendingEvent;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.IppEvent;

/**
 * A picture processor, and the tasks that wait for it. Kernel: {@code struct exynos_drm_ipp}.
 *
 * <p>A worker starts the next task; the processor's interrupt says when that is. Upstream starts it
 * in the interrupt, and takes the newest task first, so that a client who goes on asking keeps
 * others waiting: here they are done in their order. A fault of the processor's sysmmu ends the
 * task with EIO, and its file is named in the log.
 */
public final class Ipp {
  private static final int WAIT_TRIES = 10;
  private static final long WAIT_NS = 10_000_000;
  private static final long NS_A_SECOND = 1_000_000_000;
  private static final long NS_A_MICROSECOND = 1_000;

  /** The processor's driver. Kernel: {@code struct exynos_drm_ipp_funcs}. */
  public interface Funcs {
    /**
     * Starts a task, of which {@link Ipp#done} is then told; the processor is awake.
     *
     * @throws ErrnoException any errno, with which the task ends
     */
    void commit(IppTask task) throws ErrnoException;

    /** Stops the processor in the middle of a task. Callable from a hard interrupt. */
    void abort();
  }

  private final PlatformDevice device;
  private final IppFormats formats;
  private final int capabilities;
  private final Funcs funcs;
  private final KernelServices kernel;
  private final WaitQueue finished;
  private final Work worker;
  private final ArrayDeque<IppTask> waiting = new ArrayDeque<>();
  private final ArrayDeque<IppTask> ended = new ArrayDeque<>();
  private EngineTurns turns = new EngineTurns() {};
  private @Nullable IppTask running;
  private boolean stopped;
  private int id;
  private int sequence;

  /**
   * Makes a processor that nobody uses yet.
   *
   * @param capabilities a mask of the constants of {@link org.smmulator.uapi.exynos.IppGetCaps}
   */
  public Ipp(
      PlatformDevice device,
      IppFormats formats,
      int capabilities,
      Funcs funcs,
      KernelServices kernel) {
    this.device = device;
    this.formats = formats;
    this.capabilities = capabilities;
    this.funcs = funcs;
    this.kernel = kernel;
    this.finished = new WaitQueue(kernel.scheduler(), "a picture of " + device.name());
    this.worker = new Workqueue(kernel.scheduler(), "ipp").work(this::runNext);
  }

  /**
   * Lets clients use it.
   *
   * @param number its id
   * @param sharedWith the engines of the DRM device
   */
  void begin(int number, EngineTurns sharedWith) {
    id = number;
    turns = sharedWith;
    stopped = false;
  }

  int id() {
    return id;
  }

  IppFormats formats() {
    return formats;
  }

  int capabilities() {
    return capabilities;
  }

  IppTask newTask(EngineTurns.Space space, Task submitter) {
    return new IppTask(space, submitter, worker::queue);
  }

  // ---- tasks

  /**
   * Makes room for the event of a task. Kernel: {@code exynos_drm_ipp_event_create()}.
   *
   * @throws ErrnoException ENOMEM
   */
  void reserveEvent(IppTask task, DrmFile file, long userData) throws ErrnoException {
    int bytes = CStruct.sizeof(IppEvent.LAYOUT);
    MemorySegment event = MemorySegment.ofArray(new long[bytes / Long.BYTES]);
    new IppEvent(IppEvent.TYPE, bytes, userData, 0, 0, 0, 0).write(event, 0);
    task.setEvent(file.events().reserve(event));
  }

  /** Queues a task that nobody waits for. */
  void scheduleAsync(IppTask task) {
    task.makeAsync();
    schedule(task);
  }

  /**
   * Queues a task and waits for its end.
   *
   * @throws ErrnoException EIO if the processor faulted; ENODEV if it goes; ERESTARTSYS if the
   *     caller is killed, and then the task is ended, too
   */
  void scheduleAndWait(IppTask task) throws ErrnoException {
    schedule(task);
    if (finished.awaitInterruptible(task::isDone, WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
      abort(task);
      throw ERESTARTSYS.because("killed while %s makes a picture", device.name());
    }
    cleanup(task);
    Errno failure = task.failure();
    if (failure != null) {
      throw failure.because("the task of %s did not end well", task.submitter());
    }
  }

  private void schedule(IppTask task) {
    if (stopped) {
      end(task, ENODEV);
    } else {
      waiting.addLast(task);
    }
    worker.queue();
  }

  /** Kernel: {@code exynos_drm_ipp_task_abort()}. */
  private void abort(IppTask task) {
    if (task.isDone()) {
      cleanup(task);
      return;
    }
    task.makeAsync();
    if (task.equals(running)) {
      funcs.abort();
      done(task, EIO);
    } else {
      waiting.remove(task);
      end(task, EIO);
      worker.queue();
    }
  }

  /** Kernel: {@code exynos_drm_ipp_task_cleanup()}. */
  private void cleanup(IppTask task) {
    PendingEvent promised = task.release();
    if (promised == null) {
      return;
    }
    if (task.failure() != null) {
      promised.cancel();
      return;
    }
    sequence++;
    long nowNs = kernel.scheduler().nowNs();
    MemorySegment event = promised.event();
    event.set(CStruct.U32, IppEvent.TV_SEC_OFFSET, (int) (nowNs / NS_A_SECOND));
    event.set(CStruct.U32, IppEvent.TV_USEC_OFFSET, (int) (nowNs % NS_A_SECOND / NS_A_MICROSECOND));
    event.set(CStruct.U32, IppEvent.SEQUENCE_OFFSET, sequence);
    promised.send();
  }

  // ---- the worker

  /** Kernel: {@code exynos_drm_ipp_next_task()}. */
  private void runNext() {
    while (!ended.isEmpty()) {
      leave(ended.removeFirst());
    }
    while (running == null && !waiting.isEmpty()) {
      IppTask next = waiting.getFirst();
      if (!hasTurn(next)) {
        return; // queued again when the engines are free for the file
      }
      if (waiting.remove(next)) {
        start(next);
      }
    }
  }

  /** Returns whether the task may start, or has ended without. */
  private boolean hasTurn(IppTask task) {
    try {
      return turns.take(task.turn());
    } catch (ErrnoException e) {
      device.err("failed to load the table of %s: %s", task.submitter(), e.reason());
      waiting.remove(task);
      end(task, EIO);
      leave(task);
      return true;
    }
  }

  private void start(IppTask task) {
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.err("failed to enable GScaler device.");
      end(task, e.errno());
      leave(task);
      return;
    }
    task.wake();
    running = task;
    try {
      funcs.commit(task);
    } catch (ErrnoException e) {
      done(task, e.errno());
    }
  }

  /**
   * Ends the task that the processor works on. Callable from a hard interrupt. Kernel: {@code
   * exynos_drm_ipp_task_done()}.
   *
   * @param why null if it went well
   */
  public void done(IppTask task, @Nullable Errno why) {
    if (task.equals(running)) {
      running = null;
    }
    end(task, why);
    worker.queue();
  }

  private void end(IppTask task, @Nullable Errno why) {
    if (!task.isDone()) {
      task.end(why);
      ended.addLast(task);
    }
    finished.wakeAll();
  }

  /** A task that has ended leaves its turn, and the processor may sleep. */
  private void leave(IppTask task) {
    ended.remove(task);
    if (task.isAwake()) {
      try {
        device.pm().put();
      } catch (ErrnoException e) {
        device.err("failed to suspend: %s", e.reason());
      }
    }
    turns.giveBack(task.turn());
    if (task.isAsync()) {
      cleanup(task);
    }
  }

  /** The task that the processor works on; null if it is idle. */
  public @Nullable IppTask running() {
    return running;
  }

  /** Ends the task whose access faulted; an {@link IommuFaultHandler}. */
  public FaultResponse faulted(
      IommuDomain.Paging domain, @Nullable Device engine, long iova, int flags) {
    IppTask task = running;
    funcs.abort();
    if (task != null) {
      Task submitter = task.submitter();
      device.err(
          "%s[%d]: job ended by a fault: it %s 0x%x",
          submitter.comm(),
          submitter.pid(),
          flags == IommuFaultHandler.READ ? "read" : "wrote",
          iova);
      done(task, EIO);
    }
    return FaultResponse.HANDLED;
  }

  // ---- the end

  /** Ends the tasks of a file, whose buffers the processor then uses no more. */
  void close(EngineTurns.Space space) {
    dropWaiting(task -> task.space().equals(space));
    finish(task -> task.space().equals(space));
  }

  /** Ends all tasks, and takes no more. */
  void stop() {
    stopped = true;
    dropWaiting(task -> true);
    finish(task -> true);
  }

  private void dropWaiting(Predicate<IppTask> which) {
    List<IppTask> dropped = new ArrayList<>();
    for (Iterator<IppTask> each = waiting.iterator(); each.hasNext(); ) {
      IppTask task = each.next();
      if (which.test(task)) {
        each.remove();
        dropped.add(task);
      }
    }
    dropped.forEach(task -> end(task, ENODEV));
  }

  /** Waits until the processor is done with a task, or stops it after a while. */
  private void finish(Predicate<IppTask> which) {
    IppTask task = running;
    if (task != null && which.test(task)) {
      for (int i = 0; i < WAIT_TRIES && Objects.equals(running, task); i++) {
        kernel.scheduler().sleep(WAIT_NS);
      }
      if (Objects.equals(running, task)) {
        device.err("wait timed out, resetting engine...");
        funcs.abort();
        done(task, EIO);
      }
    }
    worker.queue();
    worker.flush();
  }
}
