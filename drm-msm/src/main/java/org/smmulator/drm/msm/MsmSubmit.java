package org.smmulator.drm.msm;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.sched.SchedJob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * A submit on its way through the ring. Kernel: {@code struct msm_gem_submit}.
 *
 * <p>Counted: the ioctl, the scheduler and the ring hold it, and it holds its queue and its address
 * space. Its buffers it lets go when it is retired.
 */
public final class MsmSubmit extends SchedJob {
  /** A buffer of the submit, and what the commands do with it. */
  record Bo(MsmGemObject object, int flags) {}

  /**
   * Commands of the submit.
   *
   * @param type as {@link org.smmulator.uapi.msm.GemSubmitCmd} has it
   */
  public record Cmd(int type, long iova, int sizeDwords) {}

  private final MsmSubmitQueue queue;
  private final Task submitter;
  private final MsmVm vm;
  private final int ident;
  private ImmutableList<Bo> bos = ImmutableList.of();
  private ImmutableList<Cmd> cmds = ImmutableList.of();
  private int fenceId;
  private @Nullable Fence hardwareFence;
  private boolean skipCommands;
  private boolean faultDumped;
  private boolean skipped;
  private boolean bosPinned;
  private int references = 1;

  /**
   * Makes a submit with one reference.
   *
   * @param submitter who submits, who need not be who opened the file
   * @throws ErrnoException ENOENT if the queue's entity is killed; ENOMEM
   */
  MsmSubmit(MsmSubmitQueue queue, Task submitter, int ident) throws ErrnoException {
    super(queue.entity(), 1);
    this.queue = queue;
    this.submitter = submitter;
    this.ident = ident;
    this.vm = queue.context().vm().get();
    queue.get();
  }

  MsmSubmitQueue queue() {
    return queue;
  }

  public MsmContext context() {
    return queue.context();
  }

  public MsmVm vm() {
    return vm;
  }

  public MsmRingbuffer ring() {
    return queue.ring();
  }

  /** The number of this submit in traces, which grows from submit to submit of a machine. */
  public int ident() {
    return ident;
  }

  /** The task that submitted it. */
  Task submitter() {
    return submitter;
  }

  /** The process that submitted it. */
  public int pid() {
    return submitter.pid();
  }

  ImmutableList<Bo> bos() {
    return bos;
  }

  /** Takes over a table of buffers, each with a reference. */
  void setBos(ImmutableList<Bo> looked) {
    bos = looked;
  }

  /** The buffers have pages, which stay until the ring has the submit. */
  void pinBos() {
    bos.forEach(bo -> bo.object().pin());
    bosPinned = true;
  }

  private void unpinBos() {
    if (bosPinned) {
      bosPinned = false;
      bos.forEach(bo -> bo.object().unpin());
    }
  }

  /**
   * The commands that are to run: none if the file was closed before they began, or its address
   * space is unusable.
   */
  public ImmutableList<Cmd> cmds() {
    return skipCommands || vm.isUnusable() ? ImmutableList.of() : cmds;
  }

  /** The commands that the client submitted, whether or not they are to run. */
  ImmutableList<Cmd> submittedCmds() {
    return cmds;
  }

  void setCmds(ImmutableList<Cmd> checked) {
    cmds = checked;
  }

  void setFenceId(int number) {
    fenceId = number;
  }

  /** The number that the ring writes when the submit is done. */
  public int seqno() {
    return (int) hardwareFence().seqno();
  }

  /** As {@link #seqno}, but 0 before the submit is in the ring. */
  int seqnoInRing() {
    return hardwareFence == null ? 0 : seqno();
  }

  Fence hardwareFence() {
    checkState(hardwareFence != null, "the submit is not in the ring");
    return hardwareFence;
  }

  /** Returns whether a fault of it was dumped: of thousands only the first is. */
  boolean isFaultDumped() {
    return faultDumped;
  }

  void setFaultDumped() {
    faultDumped = true;
  }

  /** Returns whether it hung and a recovery has skipped it: nobody knows how far it ran. */
  boolean isSkipped() {
    return skipped;
  }

  void setSkipped() {
    skipped = true;
  }

  // ---- scheduler

  /** Kernel: {@code msm_job_run()}. */
  @Override
  protected Fence run() {
    MsmGpu gpu = ring().gpu();
    unpinBos();
    try (var _ = gpu.lock().lock()) {
      hardwareFence = ring().fences().next();
      skipCommands = context().isClosed();
      gpu.submit(this);
    }
    return hardwareFence;
  }

  @Override
  protected void free() {
    put();
  }

  // ---- counting

  void get() {
    references++;
  }

  void put() {
    if (--references == 0) {
      if (fenceId != 0) {
        queue.retire(fenceId);
      }
      vm.put();
      queue.put();
    }
  }

  /** Drops the references to buffers: the GPU is done with them, or never begins. */
  void dropBos() {
    unpinBos();
    bos.forEach(bo -> bo.object().put());
    bos = ImmutableList.of();
  }
}
