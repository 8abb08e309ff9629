package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.msm.bind.BindVm;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.VmHolder;
import org.smmulator.drm.msm.vm.VmRange.Policy;
import org.smmulator.drm.sched.DrmScheduler;
import org.smmulator.drm.sched.SchedEntity;
import org.smmulator.drm.sched.SchedPriority;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
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
public final class MsmContext implements VmHolder {
  private static final int PRIORITIES_PER_RING = 3;

  /** The level of MSM_PARAM_SYSPROF at which the GPU stays awake. */
  private static final int STAYS_AWAKE = 2;

  /**
   * The most queues of one file. Linux has no such limit but its memory, which is charged to the
   * client; here it is the host's.
   */
  static final int MAX_QUEUES = 1 << 16;

  private final MsmGpu gpu;
  private final DrmDevice device;
  private final DrmScheduler bindScheduler;
  private final int seqno;
  private final PageOwner pageOwner;
  private final TreeMap<Integer, MsmSubmitQueue> queues = new TreeMap<>();
  private final TreeMap<Integer, SchedEntity> entities = new TreeMap<>();
  private int nextQueueId;
  private int references = 1;
  private @Nullable MsmVm vm;
  private @Nullable BindVm bindVm;
  private @Nullable String commOverride;
  private @Nullable String cmdlineOverride;
  private boolean clientManagesVm;
  private int sysprof;
  private GpuPower.Held sysprofPower = GpuPower.Held.NOTHING;
  private long elapsedNs;
  private long cycles;
  private boolean closed;

  /**
   * Makes the state of a file that {@code opener} opens. Without a GPU it has no queue.
   *
   * @throws ErrnoException ENOMEM; Linux has the open succeed then, and a file without its default
   *     queue
   */
  MsmContext(MsmGpu gpu, DrmDevice device, DrmScheduler bindScheduler, Task opener)
      throws ErrnoException {
    this.device = device;
    this.bindScheduler = bindScheduler;
    this.gpu = gpu;
    this.seqno = gpu.nextContextSeqno();
    this.pageOwner =
        gpu.core().kernel().pages().owner(Holder.of(opener), "buffers", PageZone.CLIENT);
    if (gpu.isLoaded()) {
      int middle = (gpu.ringCount() * PRIORITIES_PER_RING - 1 + 1) / 2;
      var _ = newQueue(middle, 0);
    }
  }

  /** Returns whether the GPU has been started, which an address on it takes. */
  boolean hasGpu() {
    return gpu.isLoaded();
  }

  /** The context of an open msm node. */
  public static MsmContext of(DrmFile file) {
    return (MsmContext) file.driverPrivate();
  }

  /** A number that no other context of the machine has: the rings tell contexts apart by it. */
  public int seqno() {
    return seqno;
  }

  /** The name under which hangs of {@code submitter} are reported; null if nobody knows it. */
  @Nullable String comm(Task submitter) {
    return commOverride != null || submitter.isDead() ? commOverride : submitter.comm();
  }

  void setComm(String comm) {
    commOverride = comm;
  }

  /** The command line under which its hangs are reported; null if nobody knows it. */
  @Nullable String cmdline(Task submitter) {
    return cmdlineOverride != null || submitter.isDead()
        ? cmdlineOverride
        : submitter.quotableCmdline();
  }

  void setCmdline(String text) {
    cmdlineOverride = text;
  }

  /**
   * Sets MSM_PARAM_SYSPROF: while a client profiles, counters outlive switches of pagetables, and
   * at level 2 also idle times, since the GPU stays awake. Kernel: {@code
   * msm_context_set_sysprof()}.
   */
  void setSysprof(int level) {
    GpuPower.Held before = sysprofPower;
    sysprofPower = level == STAYS_AWAKE ? gpu.power().hold() : GpuPower.Held.NOTHING;
    gpu.changeSysprof(sysprof, level);
    before.close();
    sysprof = level;
  }

  /**
   * Adds what a submit took.
   *
   * @param cycles of the GPU's core clock
   */
  void countWork(long ns, long cycles) {
    elapsedNs += ns;
    this.cycles += cycles;
  }

  /**
   * The context's part of fdinfo. Kernel: {@code msm_gpu_show_fdinfo()}.
   *
   * @param maxFreqHz the fastest the GPU goes
   */
  String fdinfo(long maxFreqHz) {
    return "drm-engine-gpu:\t"
        + elapsedNs
        + " ns\ndrm-cycles-gpu:\t"
        + cycles
        + "\ndrm-maxfreq-gpu:\t"
        + maxFreqHz
        + " Hz\n";
  }

  PageOwner pageOwner() {
    return pageOwner;
  }

  boolean isClosed() {
    return closed;
  }

  // ---- the address space

  /**
   * Says whether the client chooses the addresses itself, by VM_BIND. Kernel: {@code
   * MSM_PARAM_EN_VM_BIND} of {@code adreno_set_param()}.
   *
   * @throws ErrnoException EINVAL if the file shares the kernel's address space; EBUSY if it has
   *     one of its own already
   */
  void setVmBind(boolean enabled) throws ErrnoException {
    MsmVm made = vm;
    if (made != null && !made.isPerProcess()) {
      throw EINVAL.because("requires per-process pgtables");
    }
    if (made != null) {
      throw EBUSY.because("VM already created");
    }
    clientManagesVm = enabled;
  }

  /**
   * Returns whether the client chooses the addresses. Kernel: {@code msm_context_is_vmbind()},
   * which says so also of a file that has to share the kernel's address space after all.
   */
  public boolean isVmBind() {
    return clientManagesVm;
  }

  /**
   * The address space, made at the first call on behalf of the task that makes it. Kernel: {@code
   * msm_context_vm()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public MsmVm vm() throws ErrnoException {
    MsmVm made = vm;
    if (made == null) {
      try (var _ = gpu.vms().initLock().lock()) {
        made = vm; // perhaps another context that shares the file was faster
        if (made == null) {
          made = gpu.vms().create(clientManagesVm ? Policy.CLIENT_CHOSEN : Policy.DRIVER_CHOSEN);
          clientManagesVm &= made.isPerProcess();
          if (clientManagesVm) {
            bindVm = BindVm.of(device, bindScheduler, made);
          }
          vm = made;
        }
      }
    }
    return made;
  }

  /** The books of the address space; null if there is none yet, or the driver manages it. */
  @Nullable BindVm bindVm() {
    return bindVm;
  }

  @Override
  public @Nullable MsmVm vmIfMade() {
    return vm;
  }

  // ---- queues

  /**
   * Makes a submit queue.
   *
   * @throws ErrnoException EINVAL if there is no such priority; ENOMEM if the file has {@link
   *     #MAX_QUEUES}
   */
  MsmSubmitQueue newQueue(int priority, int flags) throws ErrnoException {
    if (priority < 0 || priority >= gpu.ringCount() * PRIORITIES_PER_RING) {
      throw EINVAL.because("priority %d", priority);
    }
    checkRoomForQueue();
    MsmRingbuffer ring = gpu.ring(priority / PRIORITIES_PER_RING);
    SchedEntity entity = entities.computeIfAbsent(priority, p -> entity(ring, p));
    return add(new MsmSubmitQueue(this, nextQueueId++, priority, flags, ring, entity));
  }

  /**
   * Makes a queue of changes of the address space, with an entity of its own. Kernel: {@code
   * msm_submitqueue_create()} with {@code MSM_SUBMITQUEUE_VM_BIND}.
   *
   * @throws ErrnoException EINVAL if the client does not manage the addresses, or for a priority;
   *     ENOMEM as {@link #newQueue}
   */
  MsmSubmitQueue newBindQueue(int priority, int flags) throws ErrnoException {
    if (!clientManagesVm || priority != 0) {
      throw EINVAL.because("priority %d, VM_BIND %s", priority, clientManagesVm);
    }
    var _ = vm();
    BindVm books = bindVm;
    if (books == null) {
      throw EINVAL.because("requires per-process pgtables");
    }
    checkRoomForQueue();
    SchedEntity entity = new SchedEntity(books.scheduler(), SchedPriority.KERNEL, seqno);
    return add(new MsmSubmitQueue(this, nextQueueId++, 0, flags, gpu.ring(0), entity));
  }

  private void checkRoomForQueue() throws ErrnoException {
    if (queues.size() == MAX_QUEUES || gpu.core().kernel().faults().shouldFail(Site.SUBMIT_QUEUE)) {
      throw ENOMEM.because("the file has %d queues", MAX_QUEUES);
    }
  }

  private MsmSubmitQueue add(MsmSubmitQueue queue) {
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
   * Takes a reference to the queue with {@code id}, which the caller gives back. Kernel: {@code
   * msm_submitqueue_get()}.
   *
   * @throws ErrnoException ENOENT if there is none
   */
  MsmSubmitQueue lookup(int id) throws ErrnoException {
    MsmSubmitQueue queue = queues.get(id);
    if (queue == null) {
      throw ENOENT.because("no queue has id %d", id);
    }
    queue.get();
    return queue;
  }

  /**
   * Removes a queue from the context; its submits finish.
   *
   * @throws ErrnoException ENOENT if there is none, or it is the file's first
   */
  void closeQueue(int id) throws ErrnoException {
    MsmSubmitQueue queue = id == 0 ? null : queues.remove(id);
    if (queue == null) {
      throw ENOENT.because("queue %d is the default one, or none", id);
    }
    queue.put();
  }

  // ---- the end

  /** The file is closed. What was submitted runs, without its commands if it has not yet begun. */
  void close() {
    closed = true;
    setSysprof(0);
    queues.values().forEach(MsmSubmitQueue::finishBinding);
    queues.values().forEach(MsmSubmitQueue::put);
    queues.clear();
    if (bindVm != null) {
      bindVm.closeAll();
      bindVm.put();
    }
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
