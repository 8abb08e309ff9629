package org.smmulator.drm.msm.vm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * An address space of the GPU: ranges of addresses, and the pagetable. Kernel: {@code struct
 * msm_gem_vm}.
 *
 * <p>A file's address space has the kernel's persistent range and one of its own; only the latter
 * is in its pagetable.
 *
 * <p>Counted: the file has it, and so have its submits and each buffer's place in it. Places are
 * made, mapped and closed under its reservation's lock and that of the buffer.
 */
public final class MsmVm {
  /** How many bits of an address the table of the upper half looks at. */
  private static final int UPPER_HALF_BITS = 49;

  private final MsmMmu mmu;
  private final Reservation reservation;
  private final VmRange persistent;
  private final VmRange own;
  private final @Nullable Task task;
  private final @Nullable VmLog log;
  private int references = 1;
  private int faults;
  private boolean unusable;

  private MsmVm(
      MsmMmu mmu,
      Reservation reservation,
      VmRange persistent,
      VmRange own,
      @Nullable Task task,
      @Nullable VmLog log) {
    this.log = log;
    this.mmu = mmu;
    this.reservation = reservation;
    this.persistent = persistent;
    this.own = own;
    this.task = task;
  }

  /** Makes the kernel's address space, with one reference. */
  public static MsmVm ofKernel(MsmMmu mmu, Reservation reservation, VmRange persistent) {
    return new MsmVm(mmu, reservation, persistent, persistent, null, null);
  }

  /**
   * Makes a file's address space, with one reference.
   *
   * @param own the addresses in its table
   * @param task who opened it up
   * @param log notes its changes; null if nobody does
   */
  public static MsmVm ofFile(
      MsmMmu mmu,
      Reservation reservation,
      MsmVm kernel,
      VmRange own,
      Task task,
      @Nullable VmLog log) {
    return new MsmVm(mmu, reservation, kernel.persistent, own, task, log);
  }

  public MsmMmu mmu() {
    return mmu;
  }

  /** Returns whether this is a file's address space and not the kernel's. */
  @SuppressWarnings("ReferenceEquality") // a range has an identity
  public boolean isPerProcess() {
    return own != persistent;
  }

  /** The task for which it was made; null if it is the kernel's. Kernel: {@code msm_gem_vm.pid}. */
  public @Nullable Task task() {
    return task;
  }

  /** The lock of the address space. Kernel: {@code drm_gpuvm_resv()}. */
  public Reservation reservation() {
    return reservation;
  }

  /** The ranges, the persistent one first. */
  public ImmutableList<VmRange> ranges() {
    return isPerProcess() ? ImmutableList.of(persistent, own) : ImmutableList.of(persistent);
  }

  /** The lowest address that buffers of its file get. */
  public long start() {
    return own.start();
  }

  /** How many addresses there are for buffers of its file. */
  public long sizeBytes() {
    return own.sizeBytes();
  }

  /** How many of its submits hung. */
  public int faults() {
    return faults;
  }

  /** Counts a submit that hung. Where the client manages the addresses that was the last. */
  public void countFault() {
    faults++;
    if (isClientManaged()) {
      markUnusable();
    }
  }

  /** Returns whether the client chooses the addresses, by VM_BIND. */
  public boolean isClientManaged() {
    return own.policy() == VmRange.Policy.CLIENT_CHOSEN;
  }

  /**
   * Returns whether something went wrong that the client could not be told of in time: nothing more
   * can be submitted or bound. Kernel: {@code msm_gem_vm.unusable}.
   */
  public boolean isUnusable() {
    return unusable;
  }

  /** Kernel: {@code msm_gem_vm_unusable()}. */
  public void markUnusable() {
    unusable = true;
    if (log != null) {
      log.print();
    }
  }

  /**
   * Notes a change of a table whose addresses the client chooses, if somebody wants to know.
   * Kernel: {@code vm_log()}.
   *
   * @param op {@code map}, or why something is unmapped
   * @param queueId the queue that asked for it; 0 if none did
   */
  public void note(String op, int queueId, long iova, long bytes) {
    if (log != null) {
      log.add(op, queueId, iova, bytes);
    }
  }

  /** The last changes that were noted, the oldest first. */
  public ImmutableList<VmLog.Entry> log() {
    return log == null ? ImmutableList.of() : log.entries();
  }

  /**
   * Takes addresses of its own range, the lowest that fit best.
   *
   * @throws ErrnoException ENOSPC
   */
  void allocate(MmNode node, long bytes) throws ErrnoException {
    own.allocate(node, bytes);
  }

  /**
   * Takes the addresses from {@code iova} on, which a client asked for.
   *
   * @throws ErrnoException EINVAL if one is persistent; ENOSPC if one is taken or outside, or
   *     {@code iova} is within a page
   */
  void allocateAt(MmNode node, long iova, long bytes) throws ErrnoException {
    if (isPersistent(iova) || isPersistent(iova + bytes - 1)) {
      throw EINVAL.because("iova %#x is the kernel's", iova);
    }
    own.allocateAt(node, iova, bytes);
  }

  /** Returns whether it is in the persistent range, sign-extended or not. */
  private boolean isPersistent(long iova) {
    return persistent.contains(iova)
        || (persistent.contains(iova & ((1L << UPPER_HALF_BITS) - 1)) && iova < 0);
  }

  void free(MmNode node) {
    own.free(node);
  }

  public MsmVm get() {
    references++;
    return this;
  }

  /** Gives a reference back; the last one tears the address space down. */
  public void put() {
    checkState(references > 0, "the address space is gone");
    if (--references == 0) {
      checkState(own.isFree(), "an address space goes while buffers have addresses in it");
      mmu.destroy();
    }
  }
}
