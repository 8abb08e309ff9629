package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.sched.SchedEntity;
import org.smmulator.drm.sched.SchedPriority;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.task.Task;

/**
 * An open file's state in the driver: an address space, submit queues, and a scheduler entity for
 * each ring and priority. Kernel: {@code struct msm_context}.
 *
 * <p>Counted: the file has it, and so has each queue, which submits keep alive. So a context
 * outlives its file until its last submit is retired.
 */
public final class MsmContext {
  private static final int PRIORITIES_PER_RING = 3;

  private final MsmGpu gpu;
  private final Task task;
  private final int seqno;
  private final PageOwner pageOwner;
  private final TreeMap<Integer, MsmSubmitQueue> queues = new TreeMap<>();
  private final TreeMap<Integer, SchedEntity> entities = new TreeMap<>();
  private int nextQueueId;
  private int references = 1;
  private @Nullable MsmVm vm;
  private @Nullable String commOverride;
  private String cmdline = "";
  private int sysprof;
  private boolean closed;

  MsmContext(MsmGpu gpu, Task task) throws ErrnoException {
    this.gpu = gpu;
    this.task = task;
    this.seqno = gpu.nextContextSeqno();
    this.pageOwner = gpu.core().kernel().pages().owner(Holder.of(task), "buffers", PageZone.CLIENT);
    int middle = (gpu.ringCount() * PRIORITIES_PER_RING - 1 + 1) / 2;
    var _ = newQueue(middle, 0);
  }

  /** The context of an open msm node. */
  public static MsmContext of(DrmFile file) {
    return (MsmContext) file.driverPrivate();
  }

  static MsmContext of(GemHandles handles) {
    return of((DrmFile) handles.file());
  }

  /** A number that no other context of the machine has: the rings tell contexts apart by it. */
  public int seqno() {
    return seqno;
  }

  public Task task() {
    return task;
  }

  /** The name under which the context's hangs are reported. */
  String comm() {
    return commOverride == null ? task.comm() : commOverride;
  }

  void setComm(String comm) {
    commOverride = comm;
  }

  /** The command line under which the context's hangs are reported. */
  String cmdline() {
    return cmdline;
  }

  void setCmdline(String text) {
    cmdline = text;
  }

  /** Sets MSM_PARAM_SYSPROF: while a client profiles, counters outlive switches of pagetables. */
  void setSysprof(int level) {
    gpu.changeSysprof(sysprof, level);
    sysprof = level;
  }

  PageOwner pageOwner() {
    return pageOwner;
  }

  boolean isClosed() {
    return closed;
  }

  // ---- the address space

  /**
   * The address space, made at the first call. Kernel: {@code msm_context_vm()}.
   *
   * @throws ErrnoException ESRCH if the task that opened the file is dead; ENOMEM
   */
  public MsmVm vm() throws ErrnoException {
    if (vm == null) {
      vm = gpu.createPrivateVm(task);
    }
    return vm;
  }

  /** The address space; null if nothing needed it yet. */
  public @Nullable MsmVm vmIfMade() {
    return vm;
  }

  // ---- queues

  /**
   * Makes a submit queue.
   *
   * @throws ErrnoException EINVAL if there is no such priority
   */
  MsmSubmitQueue newQueue(int priority, int flags) throws ErrnoException {
    if (priority < 0 || priority >= gpu.ringCount() * PRIORITIES_PER_RING) {
      throw EINVAL.because("priority %d", priority);
    }
    MsmRingbuffer ring = gpu.ring(priority / PRIORITIES_PER_RING);
    SchedEntity entity = entities.computeIfAbsent(priority, p -> entity(ring, p));
    MsmSubmitQueue queue = new MsmSubmitQueue(this, nextQueueId++, priority, flags, ring, entity);
    queues.put(queue.id(), queue);
    return queue;
  }

  private SchedEntity entity(MsmRingbuffer ring, int priority) {
    return new SchedEntity(ring.scheduler(), schedPriority(priority), seqno);
  }

  /**
   * A ring's three levels, as the driver counts them: from the end of an enum whose order has
   * changed since, so the least urgent runs first. Kernel: {@code msm_gpu_convert_priority()},
   * reproduced as it is.
   */
  static SchedPriority schedPriority(int priority) {
    return switch (priority % PRIORITIES_PER_RING) {
      case 0 -> SchedPriority.NORMAL;
      case 1 -> SchedPriority.HIGH;
      default -> SchedPriority.KERNEL;
    };
  }

  /**
   * The queue with {@code id}, without a reference of the caller's own.
   *
   * @throws ErrnoException ENOENT if there is none
   */
  MsmSubmitQueue queue(int id) throws ErrnoException {
    MsmSubmitQueue queue = queues.get(id);
    if (queue == null) {
      throw ENOENT.because("no queue has id %d", id);
    }
    return queue;
  }

  /**
   * Removes a queue from the context; its submits finish.
   *
   * @throws ErrnoException ENOENT if there is none, or it is the file's first
   */
  void closeQueue(int id) throws ErrnoException {
    MsmSubmitQueue queue = queue(id);
    if (id == 0) {
      throw ENOENT.because("the default queue cannot be closed");
    }
    queues.remove(id);
    queue.put();
  }

  // ---- the end

  /** The file is closed. What was submitted runs, without its commands if it has not yet begun. */
  void close() {
    closed = true;
    setSysprof(0);
    queues.values().forEach(MsmSubmitQueue::put);
    queues.clear();
    put();
  }

  void get() {
    references++;
  }

  void put() {
    if (--references == 0) {
      entities.values().forEach(SchedEntity::kill);
      if (vm != null) {
        vm.put();
      }
    }
  }
}
