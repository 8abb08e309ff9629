package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Timer;
import org.smmulator.regs.adreno.A5xx;
import org.smmulator.regs.adreno.A5xxPreemptRecord;
import org.smmulator.regs.adreno.A5xxSmmuInfo;
import org.smmulator.trace.Tracepoint;

/**
 * Which of an A5xx's rings runs: the most urgent that has something in it. Kernel: {@code
 * a5xx_preempt.c}.
 *
 * <p>Each ring has a record that the command processor saves it to, and beside that the pagetable
 * that its last commands used, which comes back with it. The ring's own packets write that table
 * there: clients reach neither, because both need privilege.
 */
// A request may come from an interrupt while another is being decided, where the kernel has the
// interrupt wait for a lock. Here it is noted, and the decision is made again.
final class A5xxPreempt {
  private static final long TIMEOUT_NS = 10_000_000_000L;

  /** {@code MSM_GPU_RB_CNTL_DEFAULT} without copies of the read pointer. */
  private final int ringControl;

  /** Kernel: {@code enum preempt_state}. */
  private enum State {
    NONE,
    START,
    ABORT,
    TRIGGERED,
    FAULTED,
    PENDING
  }

  /** One ring's memory. */
  private record Saved(KernelBuffer record, KernelBuffer counters, KernelBuffer table) {
    void free() {
      record.free();
      counters.free();
      table.free();
    }
  }

  private final A5xxGpu gpu;
  private final Mmio mmio;
  private final Dram dram;
  private final ImmutableList<Saved> saved;
  private final Timer timer;
  private final Tracepoint<MsmTrace.PreemptionTrigger> triggerTrace;
  private final Tracepoint<MsmTrace.PreemptionIrq> irqTrace;
  private final int[] lastSeqno;
  private State state = State.NONE;
  private boolean askedMeanwhile;
  private MsmRingbuffer current;
  private @Nullable MsmRingbuffer next;

  private A5xxPreempt(A5xxGpu gpu, Mmio mmio, ImmutableList<Saved> saved, int ringControl) {
    this.gpu = gpu;
    this.mmio = mmio;
    this.saved = saved;
    this.ringControl = ringControl;
    this.dram = gpu.core().kernel().dram();
    this.timer = new Timer(gpu.core().kernel().scheduler(), this::timedOut);
    this.triggerTrace = gpu.core().kernel().tracer().tracepoint(MsmTrace.PreemptionTrigger.class);
    this.irqTrace = gpu.core().kernel().tracer().tracepoint(MsmTrace.PreemptionIrq.class);
    this.lastSeqno = new int[saved.size()];
    this.current = gpu.ring(0);
  }

  /**
   * Makes the rings' records. Kernel: {@code a5xx_preempt_init()}.
   *
   * @throws ErrnoException ENOMEM, where Linux goes on with one ring; nothing is left behind then
   */
  static A5xxPreempt of(A5xxGpu gpu, Mmio mmio, int ringControl) throws ErrnoException {
    List<Saved> made = new ArrayList<>();
    try {
      for (MsmRingbuffer _ : gpu.rings()) {
        made.add(saved(gpu));
      }
    } catch (ErrnoException e) {
      made.forEach(Saved::free);
      throw e;
    }
    return new A5xxPreempt(gpu, mmio, ImmutableList.copyOf(made), ringControl);
  }

  /** Kernel: {@code preempt_init_ring()}. */
  private static Saved saved(A5xxGpu gpu) throws ErrnoException {
    int privileged = IommuProt.READ | IommuProt.WRITE | IommuProt.PRIV;
    List<KernelBuffer> made = new ArrayList<>();
    try {
      int bytes = A5xxPreemptRecord.SIZE_BYTES + A5xxPreemptRecord.COUNTERS_BYTES;
      made.add(gpu.preemptMemory("preempt", bytes, privileged));
      made.add(
          gpu.preemptMemory(
              "preempt_counters",
              A5xxPreemptRecord.COUNTERS_BYTES,
              IommuProt.READ | IommuProt.WRITE));
      made.add(gpu.preemptMemory("smmu_info", A5xxSmmuInfo.SIZE_BYTES, privileged));
    } catch (ErrnoException e) {
      made.forEach(KernelBuffer::free);
      throw e;
    }
    return new Saved(made.get(0), made.get(1), made.get(2));
  }

  void free() {
    timer.cancel();
    saved.forEach(Saved::free);
  }

  /** The GPU's address of the record of {@code ring}. */
  long recordIova(MsmRingbuffer ring) {
    return saved.get(ring.id()).record.iova();
  }

  /** The GPU's address of where {@code ring} notes its table. */
  long tableIova(MsmRingbuffer ring) {
    return saved.get(ring.id()).table.iova();
  }

  /** The ring that runs. */
  MsmRingbuffer current() {
    return current;
  }

  // ---- from the start on

  /** Kernel: {@code a5xx_preempt_hw_init()}. */
  void hwInit() {
    current = gpu.ring(0);
    next = null;
    askedMeanwhile = false;
    timer.cancel();
    Arrays.fill(lastSeqno, 0);
    for (MsmRingbuffer ring : gpu.rings()) {
      long pa = saved.get(ring.id()).record.pa();
      dram.putInt(pa + A5xxPreemptRecord.MAGIC, A5xxPreemptRecord.MAGIC_VALUE);
      dram.putInt(pa + A5xxPreemptRecord.INFO, 0);
      dram.putInt(pa + A5xxPreemptRecord.DATA, 0);
      dram.putInt(pa + A5xxPreemptRecord.CNTL, ringControl);
      dram.putInt(pa + A5xxPreemptRecord.RPTR, 0);
      dram.putInt(pa + A5xxPreemptRecord.WPTR, 0);
      dram.putLong(pa + A5xxPreemptRecord.RPTR_ADDR, gpu.shadowIova(ring));
      dram.putLong(pa + A5xxPreemptRecord.RBASE, ring.iova());
      dram.putLong(pa + A5xxPreemptRecord.COUNTER, saved.get(ring.id()).counters.iova());
      dram.putInt(saved.get(ring.id()).table.pa() + A5xxSmmuInfo.MAGIC, 0);
    }
    mmio.write(A5xx.CP_CONTEXT_SWITCH_SMMU_INFO, 0L);
    state = State.NONE;
  }

  /** Notes the last submit of a ring. */
  void submitted(MsmRingbuffer ring, int seqno) {
    lastSeqno[ring.id()] = seqno;
  }

  /** Tells the hardware of the ring's new dwords, if it is the one that runs. */
  void flush(MsmRingbuffer ring) {
    if (current.id() == ring.id() && (state == State.NONE || state == State.ABORT)) {
      mmio.write(A5xx.CP_RB_WPTR, ring.writePointer());
    }
  }

  // ---- switches

  /** Switches if another ring is more urgent. Kernel: {@code a5xx_preempt_trigger()}. */
  void trigger() {
    if (state == State.START || state == State.ABORT) {
      askedMeanwhile = true;
    }
    if (state != State.NONE) {
      return;
    }
    do {
      askedMeanwhile = false;
      state = State.START;
      MsmRingbuffer wanted = nextRing();
      if (wanted != null && wanted.id() != current.id()) {
        start(wanted);
        return;
      }
      state = State.ABORT;
      mmio.write(A5xx.CP_RB_WPTR, current.writePointer());
      state = State.NONE;
    } while (askedMeanwhile);
  }

  /** The most urgent ring with something in it. Kernel: {@code get_next_ring()}. */
  private @Nullable MsmRingbuffer nextRing() {
    for (MsmRingbuffer ring : gpu.rings()) {
      boolean empty = ring.writePointer() == gpu.readPointer(ring);
      if (!empty && ring.id() == current.id()) {
        empty = ring.readMemptr32(MsmRbmemptrs.FENCE) == lastSeqno[ring.id()];
      }
      if (!empty) {
        return ring;
      }
    }
    return null;
  }

  private void start(MsmRingbuffer wanted) {
    Saved memory = saved.get(wanted.id());
    dram.putInt(memory.record.pa() + A5xxPreemptRecord.WPTR, wanted.writePointer());
    mmio.write(A5xx.CP_CONTEXT_SWITCH_RESTORE_ADDR, memory.record.iova());
    boolean hasTable = dram.getInt(memory.table.pa() + A5xxSmmuInfo.MAGIC) != 0;
    mmio.write(A5xx.CP_CONTEXT_SWITCH_SMMU_INFO, hasTable ? memory.table.iova() : 0L);
    next = wanted;
    timer.modify(gpu.core().kernel().scheduler().nowNs() + TIMEOUT_NS);
    if (triggerTrace.on) {
      triggerTrace.emit(new MsmTrace.PreemptionTrigger(current.id(), wanted.id()));
    }
    state = State.TRIGGERED;
    mmio.write(A5xx.CP_CONTEXT_SWITCH_CNTL, 1);
  }

  /** The hardware has switched. Kernel: {@code a5xx_preempt_irq()}. */
  void switched() {
    MsmRingbuffer arrived = next;
    if (state != State.TRIGGERED || arrived == null) {
      return;
    }
    state = State.PENDING;
    timer.cancel();
    if (mmio.read(A5xx.CP_CONTEXT_SWITCH_CNTL) != 0) {
      state = State.FAULTED;
      gpu.preemptionFailed("a5xx_preempt_irq", "Preemption failed to complete");
      return;
    }
    current = arrived;
    next = null;
    if (irqTrace.on) {
      irqTrace.emit(new MsmTrace.PreemptionIrq(current.id()));
    }
    mmio.write(A5xx.CP_RB_WPTR, current.writePointer());
    state = State.NONE;
    trigger();
  }

  /** Kernel: {@code a5xx_preempt_timer()}. */
  private void timedOut() {
    if (state == State.TRIGGERED) {
      state = State.FAULTED;
      gpu.preemptionFailed("a5xx_preempt_timer", "preemption timed out");
    }
  }
}
