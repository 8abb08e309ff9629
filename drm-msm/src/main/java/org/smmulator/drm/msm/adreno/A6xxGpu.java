package org.smmulator.drm.msm.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmGpu;
import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.trace.Tracepoint;

/** An Adreno 6xx and its one ring. Kernel: {@code a6xx_gpu.c}. */
public final class A6xxGpu extends MsmGpu {
  /** {@code A6XX_INT_MASK}: the interrupts that the driver enables. */
  private static final int INTERRUPTS =
      A6xx.INT_CP_AHB_ERROR.mask()
          | A6xx.INT_ATB_ASYNCFIFO_OVERFLOW.mask()
          | A6xx.INT_CP_HW_ERROR.mask()
          | A6xx.INT_CACHE_FLUSH_TS.mask()
          | A6xx.INT_ATB_BUS_OVERFLOW.mask()
          | A6xx.INT_HANG_DETECT.mask()
          | A6xx.INT_UCHE_OOB.mask()
          | A6xx.INT_UCHE_TRAP.mask();

  /** {@code MSM_GPU_RB_CNTL_DEFAULT}: 32 KiB, a block of 32 bytes. */
  private static final int RB_CNTL = A6xx.RB_CNTL_BUFSZ.of(12) | A6xx.RB_CNTL_BLKSZ.of(2);

  private static final long SPIN_NS = 1_000;
  private static final long SPIN_TIMEOUT_NS = 1_000_000_000;

  private final Mmio mmio;
  private final A6xxErrors errors;
  private final KernelBuffer shadow;
  private final A6xxPackets packets;
  private final Tracepoint<MsmTrace.SubmitFlush> flushTrace;
  private final Tracepoint<MsmTrace.SetPagetable> pagetableTrace;
  private @Nullable A6xxFaults faults;
  private long lastIb1;
  private long lastIb2;
  private long lastRemaining;

  /**
   * Makes the software side.
   *
   * @throws ErrnoException ENOMEM; nothing is left behind then
   */
  public A6xxGpu(
      Device device,
      Mmio mmio,
      DrmCore core,
      AdrenoInfo info,
      MsmVm kernelVm,
      IommuTasks iommuTasks)
      throws ErrnoException {
    super(device, core, info, kernelVm, iommuTasks);
    this.mmio = mmio;
    this.errors = new A6xxErrors(device, mmio);
    this.shadow = makeShadow();
    this.packets = new A6xxPackets(ring(0), shadow.iova());
    this.flushTrace = core.kernel().tracer().tracepoint(MsmTrace.SubmitFlush.class);
    this.pagetableTrace = core.kernel().tracer().tracepoint(MsmTrace.SetPagetable.class);
  }

  private KernelBuffer makeShadow() throws ErrnoException {
    try {
      // MSM_BO_MAP_PRIV: no client may tell the driver that there is room in the ring.
      return allocKernel(
          "shadow", Integer.BYTES, IommuProt.READ | IommuProt.WRITE | IommuProt.PRIV);
    } catch (ErrnoException e) {
      free();
      throw e;
    }
  }

  /** Sets the handler of the SMMU's faults. */
  void setFaults(A6xxFaults handler) {
    faults = handler;
  }

  /** Frees the memory; the GPU must be idle. */
  void destroy() {
    mmio.write(A6xx.RBBM_INT_0_MASK, 0);
    shadow.free();
    free();
  }

  // ---- start

  /** Kernel: {@code a6xx_hw_init()}. */
  @Override
  protected void hwInit() {
    MsmRingbuffer ring = ring(0);
    core().kernel().dram().putInt(shadow.pa(), 0);
    mmio.write(A6xx.CP_PROTECT_CNTL, protectControl());
    protectRegisters();
    mmio.write(A6xx.RBBM_INT_0_MASK, INTERRUPTS);
    mmio.write(A6xx.CP_RB_BASE, ring.iova());
    // The read pointer comes through WHERE_AM_I: the hardware's own way needs privileged buffers.
    mmio.write(A6xx.CP_RB_CNTL, RB_CNTL | A6xx.RB_CNTL_NO_UPDATE.of(1));
    mmio.write(A6xx.CP_RB_RPTR_ADDR, shadow.iova());
    mmio.write(A6xx.CP_SQE_CNTL, 1);
    packets.meInit();
    flush(ring);
    if (!awaitIdle(ring)) {
      error("a6xx_idle", "%s: timeout waiting for the GPU to be idle", info().name());
    }
  }

  private static int protectControl() {
    return A6xx.PROTECT_CNTL_ACCESS_PROT_EN.of(1)
        | A6xx.PROTECT_CNTL_FAULT_ON_VIOL_EN.of(1)
        | A6xx.PROTECT_CNTL_LAST_SPAN_INF_RANGE.of(1);
  }

  /** Keeps clients' packets off the registers that feed and reset the GPU. */
  private void protectRegisters() {
    int index = 0;
    for (A6xxProtect.Range range : A6xxProtect.RANGES) {
      mmio.write(A6xx.CP_PROTECT, index++, range.encoded());
    }
  }

  private boolean awaitIdle(MsmRingbuffer ring) {
    return spin(() -> readPointer() == ring.writePointer())
        && spin(
            () -> (mmio.read(A6xx.RBBM_STATUS) & ~A6xx.STATUS_CP_AHB_BUSY_CX_MASTER.mask()) == 0);
  }

  private interface Condition {
    boolean holds();
  }

  /** Kernel: {@code spin_until()}. */
  private boolean spin(Condition condition) {
    long deadlineNs = core().kernel().scheduler().nowNs() + SPIN_TIMEOUT_NS;
    while (!condition.holds()) {
      if (core().kernel().scheduler().nowNs() >= deadlineNs) {
        return false;
      }
      core().kernel().scheduler().sleep(SPIN_NS);
    }
    return true;
  }

  private int readPointer() {
    return core().kernel().dram().getIntAcquire(shadow.pa());
  }

  // ---- submits

  @Override
  protected int maxCommands() {
    return A6xxPackets.MAX_COMMANDS;
  }

  @Override
  protected boolean emit(MsmSubmit submit) {
    MsmRingbuffer ring = submit.ring();
    if (faults != null) {
      faults.reenableStall();
    }
    if (!awaitRoom(ring, A6xxPackets.submitDwords(submit))) {
      return false;
    }
    if (pagetableTrace.on
        && submit.vm().isPerProcess()
        && submit.context().seqno() != ring.currentContextSeqno()) {
      pagetableTrace.emit(
          new MsmTrace.SetPagetable(
              submit.pid(),
              submit.context().seqno(),
              ring.id(),
              submit.vm().mmu().pagetableBase()));
    }
    packets.submit(submit, isProfiled());
    long ticks = timestamp(); // read whether or not it is traced: a trace changes no times
    if (flushTrace.on) {
      flushTrace.emit(
          new MsmTrace.SubmitFlush(submit.pid(), submit.ident(), ring.id(), submit.seqno(), ticks));
    }
    flush(ring);
    return true;
  }

  /**
   * Waits until there is room for {@code dwords}; false if that takes too long. Kernel: {@code
   * adreno_wait_ring()}, after which the kernel overwrites what the GPU has not read yet.
   */
  private boolean awaitRoom(MsmRingbuffer ring, int dwords) {
    boolean room = spin(() -> ring.freeDwords(readPointer()) >= dwords);
    if (!room) {
      error("adreno_wait_ring", "timeout waiting for space in ringbuffer %d", ring.id());
    }
    return room;
  }

  /** Kernel: {@code a6xx_flush()}. */
  private void flush(MsmRingbuffer ring) {
    packets.whereAmI();
    mmio.write(A6xx.CP_RB_WPTR, ring.commit());
  }

  @Override
  protected long timestamp() {
    return mmio.read(A6xx.CP_ALWAYS_ON_COUNTER);
  }

  // ---- interrupts

  /** Kernel: {@code a6xx_irq()}. */
  IrqReturn interrupt() {
    int status = mmio.read(A6xx.RBBM_INT_0_STATUS);
    if (status == 0) {
      return IrqReturn.NONE;
    }
    mmio.write(A6xx.RBBM_INT_CLEAR_CMD, status);
    if (A6xx.INT_HANG_DETECT.isSet(status)) {
      hangDetected();
    }
    errors.report(status);
    if (A6xx.INT_CACHE_FLUSH_TS.isSet(status)) {
      retire();
    }
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code a6xx_fault_detect_irq()}. */
  private void hangDetected() {
    if (A6xx.STATUS3_SMMU_STALLED_ON_FAULT.isSet(mmio.read(A6xx.RBBM_STATUS3))) {
      return; // it only waits for the fault to be looked at
    }
    MsmRingbuffer ring = ring(0);
    error(
        "a6xx_irq",
        "gpu fault ring %d fence %x status %08X rb %04x/%04x ib1 %016X/%04x ib2 %016X/%04x",
        ring.id(),
        ring.readMemptr32(MsmRbmemptrs.FENCE),
        mmio.read(A6xx.RBBM_STATUS),
        mmio.read(A6xx.CP_RB_RPTR),
        mmio.read(A6xx.CP_RB_WPTR),
        mmio.read(A6xx.CP_IB1_BASE),
        mmio.read(A6xx.CP_IB1_REM_SIZE),
        mmio.read(A6xx.CP_IB2_BASE),
        mmio.read(A6xx.CP_IB2_REM_SIZE));
    recover();
  }

  // ---- hangs

  /** Kernel: {@code a6xx_progress()}. */
  @Override
  protected boolean madeProgress() {
    long ib1 = mmio.read(A6xx.CP_IB1_BASE);
    long ib2 = mmio.read(A6xx.CP_IB2_BASE);
    long remaining =
        Integer.toUnsignedLong(mmio.read(A6xx.CP_IB1_REM_SIZE)) << 32
            | Integer.toUnsignedLong(mmio.read(A6xx.CP_IB2_REM_SIZE));
    boolean moved = ib1 != lastIb1 || ib2 != lastIb2 || remaining != lastRemaining;
    lastIb1 = ib1;
    lastIb2 = ib2;
    lastRemaining = remaining;
    return moved;
  }

  /** Kernel: {@code a6xx_recover()}, which cuts the power; here the reset command does as much. */
  @Override
  protected void reset() {
    device().info("CP_SCRATCH_REG2: %d", Integer.toUnsignedLong(mmio.read(A6xx.CP_SCRATCH, 2)));
    mmio.write(A6xx.RBBM_SW_RESET_CMD, 1);
    var _ = mmio.read(A6xx.RBBM_SW_RESET_CMD); // posted before anything follows
    core().kernel().scheduler().sleep(SPIN_NS);
    mmio.write(A6xx.RBBM_SW_RESET_CMD, 0);
  }
}
