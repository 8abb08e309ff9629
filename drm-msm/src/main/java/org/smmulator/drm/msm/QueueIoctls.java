package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;
import static org.smmulator.uapi.CStruct.U32;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.RateLimit;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.SubmitQueueQuery;
import org.smmulator.uapi.msm.WaitFence;

/**
 * Ioctls on submit queues and their fences. Kernel: {@code msm_submitqueue.c}, {@code msm_drv.c}.
 */
final class QueueIoctls {
  private static final int FLAGS = SubmitQueue.ALLOW_PREEMPT | SubmitQueue.VM_BIND;
  private static final int FAULTS_BYTES = 4;

  private final MsmGpu gpu;
  private final RateLimit invalidFences;

  QueueIoctls(MsmGpu gpu) {
    this.gpu = gpu;
    this.invalidFences = gpu.core().kernel().dmesg().rateLimit("wait_fence");
  }

  /**
   * Makes a queue. EINVAL for an unknown flag; ENODEV without a GPU; EINVAL for a VM_BIND queue
   * with a priority or of a file that has not opted in, for ALLOW_PREEMPT with one ring unless root
   * forbade preemption, and for a priority that there is not. Kernel: {@code
   * msm_submitqueue_create()}.
   */
  void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    SubmitQueue asked = arg.read(SubmitQueue::read);
    MsmContext context = MsmContext.of(file);
    if ((asked.flags() & ~FLAGS) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    if (!gpu.isLoaded()) {
      throw ENODEV.because("there is no GPU");
    }
    boolean binds = (asked.flags() & SubmitQueue.VM_BIND) != 0;
    if (!binds && (asked.flags() & SubmitQueue.ALLOW_PREEMPT) != 0 && refusesPreemption()) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    MsmSubmitQueue made =
        binds
            ? context.newBindQueue(asked.prio(), asked.flags())
            : context.newQueue(asked.prio(), asked.flags());
    arg.setU32(SubmitQueue.ID_OFFSET, made.id());
  }

  /** As in Linux, which asks for one ring where it means several. */
  private boolean refusesPreemption() {
    return gpu.ringCount() == 1 && gpu.params().enablePreemption() != 0;
  }

  /** Closes a queue. ENOENT if there is none, or for the default queue. */
  void close(DrmFile file, IoctlArg arg) throws ErrnoException {
    MsmContext.of(file).closeQueue(arg.u32(0));
  }

  /** Tells how many of a queue's submits hung. EINVAL, ENOENT, EFAULT. */
  void query(DrmFile file, IoctlArg arg) throws ErrnoException {
    SubmitQueueQuery asked = arg.read(SubmitQueueQuery::read);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    try (MsmSubmitQueue queue = MsmContext.of(file).lookup(asked.id())) {
      if (asked.param() != SubmitQueueQuery.FAULTS) {
        throw EINVAL.because("parameter %d", asked.param());
      }
      // Linux tells the length as well, in a struct of which the ioctl's number lets nothing out.
      long bytes = Math.min(Integer.toUnsignedLong(asked.len()), FAULTS_BYTES);
      if (bytes != 0) {
        MemorySegment answer = MemorySegment.ofArray(new long[1]);
        answer.set(U32, 0, queue.faults());
        arg.caller().memory().copyTo(asked.data(), answer, 0, bytes);
      }
    }
  }

  /**
   * Waits for a fence. EINVAL for an unknown flag, or a number that was not given out yet; ENOENT
   * if there is no such queue; ETIMEDOUT; ERESTARTSYS. A number that was retired has ended, and
   * without a GPU every number has.
   */
  void waitFence(DrmFile file, IoctlArg arg) throws ErrnoException {
    WaitFence asked = arg.read(WaitFence::read);
    if ((asked.flags() & ~WaitFence.BOOST) != 0) {
      gpu.core().error("msm_ioctl_wait_fence", "invalid flags: %08x", asked.flags());
      throw EINVAL.because("flags %#x", asked.flags());
    }
    if (!gpu.isLoaded()) {
      return;
    }
    try (MsmSubmitQueue queue = MsmContext.of(file).lookup(asked.queueid())) {
      waitFence(queue, asked);
    }
  }

  /** Kernel: {@code wait_fence()}, which the compiler puts into its caller, as the log shows. */
  private void waitFence(MsmSubmitQueue queue, WaitFence asked) throws ErrnoException {
    if (MsmFenceContext.isAfter(asked.fence(), queue.lastFence())) {
      if (invalidFences.allows()) {
        gpu.core()
            .error(
                "msm_ioctl_wait_fence",
                "waiting on invalid fence: %d (of %d)",
                Integer.toUnsignedLong(asked.fence()),
                Integer.toUnsignedLong(queue.lastFence()));
      }
      throw EINVAL.because("fence %d was not given out yet", asked.fence());
    }
    @Nullable Fence fence = queue.fence(asked.fence());
    if (fence == null) {
      return;
    }
    if ((asked.flags() & WaitFence.BOOST) != 0) {
      fence.setDeadline(gpu.core().kernel().scheduler().nowNs());
    }
    long deadlineNs = Deadlines.ns(gpu.core().kernel().clock(), asked.timeout());
    switch (fence.awaitInterruptible(deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> throw ETIMEDOUT.because("fence %d", asked.fence());
      case INTERRUPTED -> throw ERESTARTSYS.because("killed while waiting for a fence");
    }
  }
}
