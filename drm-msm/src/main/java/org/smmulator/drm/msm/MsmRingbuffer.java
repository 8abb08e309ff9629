package org.smmulator.drm.msm;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.sched.DrmScheduler;
import org.smmulator.drm.sched.SchedArgs;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A ring buffer: dwords that the GPU has been told of, dwords that are being written, and the
 * submits whose dwords they are. Kernel: {@code struct msm_ringbuffer}.
 */
public final class MsmRingbuffer {
  /** {@code MSM_GPU_RINGBUFFER_SZ}. */
  public static final int SIZE_BYTES = 32 * 1024;

  /** How many dwords can be written before the GPU has read any. */
  public static final int CAPACITY_DWORDS = SIZE_BYTES / 4 - 1;

  private static final int SIZE_DWORDS = SIZE_BYTES / 4;

  /** {@code DRM_MSM_HANGCHECK_PROGRESS_RETRIES}. */
  private static final int HANGCHECK_PROGRESS_RETRIES = 3;

  private final MsmGpu gpu;
  private final int id;
  private final Dram dram;
  private final KernelBuffer buffer;
  private final long memptrsPa;
  private final long memptrsIova;
  private final MsmFenceContext fences;
  private final DrmScheduler scheduler;
  private final ArrayDeque<MsmSubmit> submits = new ArrayDeque<>();
  private final ArrayDeque<MsmVm> fetchedThrough = new ArrayDeque<>();
  private int current;
  private int next;
  private int currentContextSeqno;
  private int hangcheckFence;
  private int progressRetries;

  MsmRingbuffer(MsmGpu gpu, int id, long memptrsPa, long memptrsIova) throws ErrnoException {
    this.gpu = gpu;
    this.id = id;
    this.dram = gpu.core().kernel().dram();
    this.memptrsPa = memptrsPa;
    this.memptrsIova = memptrsIova;
    // MSM_BO_GPU_READONLY: the ring is in every client's upper half.
    this.buffer = gpu.allocKernel("ring" + id, SIZE_BYTES, IommuProt.READ);
    this.fences =
        new MsmFenceContext(
            gpu.core().fences(), dram, "gpu-ring-" + id, memptrsPa + MsmRbmemptrs.FENCE);
    this.scheduler =
        new DrmScheduler(
            SchedArgs.endless("ring" + id, gpu.device().name(), gpu.params().numHwSubmissions()),
            gpu.core().fences(),
            gpu.core().kernel().scheduler(),
            gpu.core().kernel().tracer(),
            gpu.core().kernel().dmesg());
  }

  public MsmGpu gpu() {
    return gpu;
  }

  public int id() {
    return id;
  }

  DrmScheduler scheduler() {
    return scheduler;
  }

  MsmFenceContext fences() {
    return fences;
  }

  /** Submits whose dwords are in the ring, oldest first. */
  ArrayDeque<MsmSubmit> submits() {
    return submits;
  }

  /**
   * The submit that the hardware executes, going by the ring's fence; the oldest one that has not
   * signalled if that fence was forged; null if there is none. Kernel: {@code find_submit()}.
   */
  @Nullable MsmSubmit guilty() {
    MsmSubmit oldest = null;
    for (MsmSubmit submit : submits) {
      if (submit.seqno() == fences.written() + 1) {
        return submit;
      }
      if (oldest == null && !submit.hardwareFence().isSignaled()) {
        oldest = submit;
      }
    }
    return oldest;
  }

  // ---- addresses

  /** The GPU's address of the ring. */
  public long iova() {
    return buffer.iova();
  }

  /** The physical address of the ring. */
  public long pa() {
    return buffer.pa();
  }

  /** The GPU's address of the byte at {@code offset} of the ring's memptrs. */
  public long memptr(int offset) {
    return memptrsIova + offset;
  }

  /** Reads the 64 bits that the GPU wrote to {@code offset} of the ring's memptrs. */
  public long readMemptr64(int offset) {
    return dram.getLong(memptrsPa + offset);
  }

  /** Reads the word that the GPU wrote to {@code offset} of the ring's memptrs. */
  public int readMemptr32(int offset) {
    return dram.getIntAcquire(memptrsPa + offset);
  }

  // ---- dwords

  /** Writes a dword that the GPU does not know of yet. Kernel: {@code OUT_RING()}. */
  public void out(int dword) {
    dram.putInt(buffer.pa() + 4L * next, dword);
    next = (next + 1) % SIZE_DWORDS;
  }

  /** Writes an address or another 64-bit value, low half first. */
  public void out64(long value) {
    out((int) value);
    out((int) (value >>> 32));
  }

  /** Adds the dwords written so far to the ring, and returns the index after them. */
  public int commit() {
    current = next;
    return current;
  }

  /** The index after the ring's last dword. */
  public int writePointer() {
    return current;
  }

  /** Returns the number of dwords that can be written before the GPU has read more. */
  public int freeDwords(int readPointer) {
    return (readPointer + SIZE_DWORDS - 1 - next) % SIZE_DWORDS;
  }

  /**
   * Starts at the first dword again, for a GPU that was reset. A fence that was never given out,
   * which a client scribbled over the memptrs, is corrected. Kernel: {@code adreno_hw_init()}.
   */
  public void rewind() {
    current = 0;
    next = 0;
    currentContextSeqno = 0;
    dram.putInt(memptrsPa + MsmRbmemptrs.RPTR, 0);
    if (MsmFenceContext.isAfter(fences.written(), fences.lastFence())) {
      fences.overwrite(fences.lastFence());
    }
  }

  // ---- whose pagetable

  /** The context whose commands the ring's last dwords are; 0 for none. */
  public int currentContextSeqno() {
    return currentContextSeqno;
  }

  void setCurrentContextSeqno(int seqno) {
    currentContextSeqno = seqno;
  }

  /**
   * Keeps the table of a submit that has retired for as long as the GPU may fetch the ring through
   * it, or come back to it after a preemption: until a later submit has run with another table.
   *
   * <p>Linux has nothing like it: where files have tables of their own there, the ring is in the
   * upper half of the addresses, and no switch changes how it is fetched. It resembles {@code
   * active_mm}, by which a kernel thread keeps the tables of the process that ran before it.
   *
   * @param ran whether the submit has run; one that hung may not have come to its switch, so the
   *     table before it is kept too
   */
  void keepTable(MsmVm vm, boolean ran) {
    MsmVm kept = vm.get(); // before it is given back, if it is the same
    if (ran) {
      leaveTables();
    }
    fetchedThrough.addLast(kept);
  }

  /** Gives back what {@link #keepTable} keeps: the GPU does not fetch the ring any more. */
  void leaveTables() {
    while (!fetchedThrough.isEmpty()) {
      fetchedThrough.removeFirst().put();
    }
  }

  // ---- whether it hangs

  /** Notes the fence that a check has found; true if it is another than at the last check. */
  boolean sawFence(int fence) {
    boolean moved = fence != hangcheckFence;
    if (moved) {
      hangcheckFence = fence;
      forgetProgress();
    }
    return moved;
  }

  /**
   * Returns whether the GPU got on within a submit since the last check. It is believed a few times
   * only, since a submit may be endless. Kernel: {@code made_progress()}.
   */
  boolean madeProgress(MsmGpu hardware) {
    boolean believed = progressRetries < HANGCHECK_PROGRESS_RETRIES && hardware.madeProgress(this);
    if (believed) {
      progressRetries++;
    }
    return believed;
  }

  void forgetProgress() {
    progressRetries = 0;
  }

  /**
   * The dwords from the start on, up to the write pointer and to the last that is not zero. Kernel:
   * {@code adreno_gpu_state_get()}.
   */
  int[] snapshot() {
    int count = SIZE_DWORDS;
    while (count > current && dram.getInt(buffer.pa() + 4L * (count - 1)) == 0) {
      count--;
    }
    int[] copied = new int[count];
    for (int i = 0; i < count; i++) {
      copied[i] = dram.getInt(buffer.pa() + 4L * i);
    }
    return copied;
  }

  /** The number of the last submit that was put into the ring. */
  public int lastFence() {
    return fences.lastFence();
  }

  void free() {
    leaveTables();
    buffer.free();
  }
}
