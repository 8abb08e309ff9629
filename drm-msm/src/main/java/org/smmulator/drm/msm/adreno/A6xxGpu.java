package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.regs.adreno.A6xx;

/** An Adreno 6xx and its one ring. Kernel: {@code a6xx_gpu.c}. */
public final class A6xxGpu extends AdrenoMsmGpu {
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

  /** A GPU that stands still for as many cycles hangs. */
  private static final int HANG_INT_CNTL =
      A6xx.HANG_INT_ENABLE.of(1) | A6xx.HANG_INT_CYCLES.of(0x1f_ffff);

  /** Kernel: what {@code a6xx_gpu_state_get()} writes to CP_SQE_CNTL. */
  private static final int HALT_SQE = 3;

  private static final int CLAMPED = 618;

  private final A6xxErrors errors;
  private final KernelBuffer shadow;
  private final A6xxPackets packets;
  private final @Nullable A6xxGmu gmu;
  private long lastIb1;
  private long lastIb2;
  private long lastRemaining;

  /**
   * Makes the software side.
   *
   * @param gmu what turns the GPU on; null if it is on for ever
   * @throws ErrnoException ENOMEM; nothing is left behind then
   */
  @SuppressWarnings("this-escape") // the unit calls back when it runs
  A6xxGpu(
      PlatformDevice device,
      Mmio mmio,
      MsmServices services,
      AdrenoInfo info,
      MsmVm kernelVm,
      @Nullable A6xxGmu gmu)
      throws ErrnoException {
    super(device, mmio, services, info, kernelVm);
    this.errors = new A6xxErrors(device, mmio);
    this.shadow = makeShadow();
    this.packets = new A6xxPackets(ring(0), shadow.iova());
    this.gmu = gmu;
    if (gmu != null) {
      gmu.onFault(this::recover);
    }
  }

  @Override
  public long clockHz() {
    return gmu == null ? super.clockHz() : gmu.hz();
  }

  @Override
  public void setClockHz(long hz, boolean asleep) {
    if (gmu != null) {
      gmu.setHz(hz, asleep);
    }
  }

  /** {@inheritDoc} Kernel: {@code a6xx_gpu_busy()}. */
  @Override
  public long busyTicks() {
    return gmu == null ? 0 : gmu.busyTicks();
  }

  @Override
  public long busyTicksHz() {
    return A6xxGmu.BUSY_HZ;
  }

  /** {@inheritDoc} Kernel: {@code a6xx_gpu_init()}: where it is known to do no harm. */
  @Override
  boolean clampsToIdle() {
    return info().gpuId() == CLAMPED;
  }

  /** The management unit; without one the GPU is on for ever. */
  @Override
  RuntimePm.@Nullable Callbacks feed() {
    return gmu;
  }

  @Override
  void destroy() {
    shadow.free();
    free();
  }

  // ---- power

  /** Kernel: {@code a6xx_gmu_pm_suspend()}. */
  @Override
  protected void poweringDown() {
    core().kernel().dram().putInt(shadow.pa(), 0);
  }

  // ---- start

  /** Kernel: {@code a6xx_hw_init()}. */
  @Override
  protected void hwInit() throws ErrnoException {
    if (gmu == null) {
      startRing();
      return;
    }
    gmu.holdGpu();
    try {
      gmu.countBusy();
      startRing();
    } finally {
      gmu.letGpuGo();
    }
  }

  private void startRing() throws ErrnoException {
    MsmRingbuffer ring = ring(0);
    core().kernel().dram().putInt(shadow.pa(), 0);
    mmio.write(A6xx.RBBM_INTERFACE_HANG_INT_CNTL, HANG_INT_CNTL);
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
      throw EINVAL.because("the GPU is not idle");
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
    return awaitDrained(ring)
        && spin(
            () -> (mmio.read(A6xx.RBBM_STATUS) & ~A6xx.STATUS_CP_AHB_BUSY_CX_MASTER.mask()) == 0);
  }

  @Override
  protected int readPointer(MsmRingbuffer ring) {
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
    stallOnFault().reenable();
    if (!awaitRoom(ring, A6xxPackets.submitDwords(submit))) {
      return false;
    }
    traceSwitch(submit);
    packets.submit(submit, isProfiled());
    traceFlush(submit);
    flush(ring);
    return true;
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

  @Override
  IommuFaultHandler faultHandler(@Nullable AdrenoSmmuPriv smmu) {
    return new A6xxFaults(stallOnFault(), this::captureFault, mmio, core().kernel().dmesg(), smmu);
  }

  /** {@inheritDoc} Kernel: {@code a6xx_irq()}. */
  @Override
  IrqReturn interrupt() {
    int status = mmio.read(A6xx.RBBM_INT_0_STATUS);
    if (status == 0) {
      return IrqReturn.NONE;
    }
    mmio.write(A6xx.RBBM_INT_CLEAR_CMD, status);
    if (settings().disableErrIrq()) {
      status &= A6xx.INT_CACHE_FLUSH_TS.mask();
    }
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
        ring.lastFence(),
        mmio.read(A6xx.RBBM_STATUS),
        mmio.read(A6xx.CP_RB_RPTR),
        mmio.read(A6xx.CP_RB_WPTR),
        mmio.read(A6xx.CP_IB1_BASE),
        mmio.read(A6xx.CP_IB1_REM_SIZE),
        mmio.read(A6xx.CP_IB2_BASE),
        mmio.read(A6xx.CP_IB2_REM_SIZE));
    mmio.write(A6xx.RBBM_INT_0_MASK, 0); // or it would recover again
    recover();
  }

  // ---- hangs

  /** Kernel: {@code a6xx_progress()}. */
  @Override
  protected boolean madeProgress(MsmRingbuffer ring) {
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

  // ---- what a dump shows

  /** Kernel: {@code a6xx_gpu_state_get()}. */
  @Override
  protected CrashState state(
      CrashState.@Nullable Fault fault, @Nullable ImmutableList<CrashState.Bo> bos) {
    ImmutableList<CrashState.Ring> rings = ringStates();
    mmio.write(A6xx.CP_SQE_CNTL, HALT_SQE);
    return new CrashState(
        true,
        new CrashState.Revision(info().gpuId(), info().name()),
        fault,
        ImmutableList.of(),
        mmio.read(A6xx.RBBM_STATUS),
        rings,
        bos,
        A6xxRegisterDump.sections(mmio, gmu));
  }

  /** Kernel: {@code a6xx_dump()}. */
  private void dumpRegisters() {
    device().info("[drm] status:   %08x", mmio.read(A6xx.RBBM_STATUS));
  }

  /** Kernel: {@code a6xx_recover()}, which cuts the power; here the reset command does as much. */
  @Override
  protected void reset() {
    dumpInfo();
    mmio.write(A6xx.CP_SQE_CNTL, HALT_SQE);
    if (params().hangDebug()) {
      dumpRegisters();
    }
    softReset();
  }

  @Override
  protected void softReset() {
    mmio.write(A6xx.RBBM_SW_RESET_CMD, 1);
    var _ = mmio.read(A6xx.RBBM_SW_RESET_CMD); // posted before anything follows
    core().kernel().scheduler().sleep(SPIN_NS);
    mmio.write(A6xx.RBBM_SW_RESET_CMD, 0);
  }
}
