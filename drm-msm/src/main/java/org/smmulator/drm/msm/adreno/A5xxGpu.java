package org.smmulator.drm.msm.adreno;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.adreno.A5xx;

/**
 * An Adreno 5xx and its four rings. Kernel: {@code a5xx_gpu.c}.
 *
 * <p>Left out: the firmware of the power management unit (GPMU), clock gating, the zap shader, and
 * the registers of blocks that draw.
 */
final class A5xxGpu extends AdrenoMsmGpu {
  /** Part of {@code A5XX_INT_MASK}: what the model can raise. */
  private static final int INTERRUPTS =
      A5xx.INT_RBBM_AHB_ERROR.mask()
          | A5xx.INT_CP_HW_ERROR.mask()
          | A5xx.INT_HANG_DETECT.mask()
          | A5xx.INT_CP_SW.mask()
          | A5xx.INT_CACHE_FLUSH_TS.mask()
          | A5xx.INT_UCHE_OOB.mask();

  /** {@code MSM_GPU_RB_CNTL_DEFAULT}, and the read pointer comes through WHERE_AM_I. */
  private static final int RB_CNTL =
      A5xx.RB_CNTL_BUFSZ.of(12) | A5xx.RB_CNTL_BLKSZ.of(2) | A5xx.RB_CNTL_NO_UPDATE.of(1);

  private static final int PROTECT_CNTL = 7;

  /** Kernel: what {@code a5xx_pm_resume()} writes to the switches of two power domains. */
  private static final int POWER_ON = 0x77_8000;

  private static final int VBIF_PORTS = 0xf;
  private static final int RESET_VBIF = 0x3c_0000;

  /** Ranges that clients' packets may neither read nor write: first register, count. */
  private static final int[][] PROTECTED = {
    {0x04, 4}, // RBBM
    {0x08, 8},
    {0x10, 16},
    {0x20, 32},
    {0x40, 64},
    {0x80, 64},
    {0xf800, 16}, // RBBM_SECVID_TSB_TRUSTED_BASE_LO: content protection
    {0xf400, 2}, // RBBM_SECVID_TRUST_CNTL
    {0x800, 64}, // CP
    {0x840, 8},
    {0x880, 32},
    {0xaa0, 1},
    {0xcc0, 1}, // RB
    {0xcf0, 2},
    {0xe68, 8}, // VPC
    {0xe70, 16},
    {0xe80, 16}, // UCHE
    {0x10000, 0x8000} // SMMU
  };

  private final KernelBuffer shadow;
  private final ImmutableList<A5xxPackets> packets;
  private final A5xxPreempt preempt;

  A5xxGpu(PlatformDevice device, Mmio mmio, MsmServices services, AdrenoInfo info, MsmVm kernelVm)
      throws ErrnoException {
    super(device, mmio, services, info, kernelVm);
    this.shadow = makeShadow();
    this.preempt = makePreempt();
    this.packets =
        rings().stream()
            .map(ring ->
                new A5xxPackets(
                    ring, shadowIova(ring), preempt.recordIova(ring), preempt.tableIova(ring)))
            .collect(toImmutableList());
  }

  private A5xxPreempt makePreempt() throws ErrnoException {
    try {
      return A5xxPreempt.of(this, mmio, RB_CNTL);
    } catch (ErrnoException e) {
      shadow.free();
      free();
      throw e;
    }
  }

  /** Allocates memory for {@link A5xxPreempt}. */
  KernelBuffer preemptMemory(String name, int bytes, int prot) throws ErrnoException {
    return allocKernel(name, bytes, prot);
  }

  /** The GPU's address of the copy of a ring's read pointer. Kernel: {@code shadowptr()}. */
  long shadowIova(MsmRingbuffer ring) {
    return shadow.iova() + shadowOffset(ring);
  }

  private static long shadowOffset(MsmRingbuffer ring) {
    return (long) Integer.BYTES * ring.id();
  }

  @Override
  protected MsmRingbuffer activeRing() {
    return preempt.current();
  }

  @Override
  void destroy() {
    preempt.free();
    shadow.free();
    free();
  }

  @Override
  IommuFaultHandler faultHandler(@Nullable AdrenoSmmuPriv smmu) {
    return new A5xxFaults(stallOnFault(), this::captureFault, mmio, core().kernel().dmesg(), smmu);
  }

  // ---- power

  /** Kernel: {@code a5xx_pm_resume()}. */
  @Override
  protected void poweredUp() {
    super.poweredUp();
    turnOn(A5xx.GPMU_RBCCU_POWER_CNTL, A5xx.GPMU_RBCCU_PWR_CLK_STATUS, "RBCCU");
    turnOn(A5xx.GPMU_SP_POWER_CNTL, A5xx.GPMU_SP_PWR_CLK_STATUS, "SP");
  }

  private void turnOn(Reg32 control, Reg32 status, String domain) {
    mmio.write(control, POWER_ON);
    if (!spin(() -> A5xx.PWR_CLK_STATUS_PWR_ON.isSet(mmio.read(status)))) {
      error("a5xx_pm_resume", "%s: timeout waiting for %s GDSC enable", info().name(), domain);
    }
  }

  /** Kernel: {@code a5xx_pm_suspend()}. */
  @Override
  protected void poweringDown() {
    mmio.write(A5xx.VBIF_XIN_HALT_CTRL0, VBIF_PORTS);
    boolean _ = spin(() -> (mmio.read(A5xx.VBIF_XIN_HALT_CTRL1) & VBIF_PORTS) == VBIF_PORTS);
    mmio.write(A5xx.VBIF_XIN_HALT_CTRL0, 0);
    // What the bus interface still holds would be there when the power comes back.
    mmio.write(A5xx.RBBM_BLOCK_SW_RESET_CMD, RESET_VBIF);
    mmio.write(A5xx.RBBM_BLOCK_SW_RESET_CMD, 0);
    clearShadow();
  }

  private void clearShadow() {
    for (MsmRingbuffer ring : rings()) {
      core().kernel().dram().putInt(shadow.pa() + shadowOffset(ring), 0);
    }
  }

  // ---- start

  /** Kernel: {@code a5xx_hw_init()}. */
  @Override
  protected void hwInit() throws ErrnoException {
    MsmRingbuffer ring = ring(0);
    clearShadow();
    mmio.write(A5xx.RBBM_PERFCTR_RBBM_SEL_0, A5xx.SELECT_BUSY);
    mmio.write(A5xx.CP_PROTECT_CNTL, PROTECT_CNTL);
    for (int i = 0; i < PROTECTED.length; i++) {
      mmio.write(A5xx.CP_PROTECT, i, protectRw(PROTECTED[i][0], PROTECTED[i][1]));
    }
    mmio.write(A5xx.CP_RB_BASE, ring.iova());
    mmio.write(A5xx.CP_RB_CNTL, RB_CNTL);
    mmio.write(A5xx.CP_RB_RPTR_ADDR, shadow.iova());
    preempt.hwInit();
    mmio.write(A5xx.RBBM_INT_0_MASK, INTERRUPTS);
    mmio.write(A5xx.CP_PFP_ME_CNTL, 0);
    packets.getFirst().meInit();
    packets.getFirst().whereAmI();
    flush(ring);
    if (!isIdle(ring)) {
      throw EINVAL.because("the GPU is not idle");
    }
    packets.getFirst().startPreemption();
    flush(ring);
    boolean _ = isIdle(ring);
  }

  /** {@inheritDoc} Kernel: {@code a5xx_gpu_busy()}. */
  @Override
  public long busyTicks() {
    return mmio.read(A5xx.RBBM_PERFCTR_RBBM_0);
  }

  /** Kernel: {@code a5xx_idle()}. */
  private boolean isIdle(MsmRingbuffer ring) {
    boolean idle = awaitDrained(ring) && spin(() -> !isBusy());
    if (!idle) {
      error("a5xx_idle", "%s: timeout waiting for GPU to idle", info().name());
    }
    return idle;
  }

  /** Kernel: {@code ADRENO_PROTECT_RW}. */
  static int protectRw(int first, int count) {
    return A5xx.PROTECT_TRAP_READ.mask()
        | A5xx.PROTECT_TRAP_WRITE.mask()
        | A5xx.PROTECT_MASK_LEN.of(Integer.numberOfTrailingZeros(count))
        | A5xx.PROTECT_BASE.of(first << 2);
  }

  private boolean isBusy() {
    return (mmio.read(A5xx.RBBM_STATUS) & ~A5xx.STATUS_HI_BUSY.mask()) != 0;
  }

  @Override
  protected int readPointer(MsmRingbuffer ring) {
    return core().kernel().dram().getIntAcquire(shadow.pa() + shadowOffset(ring));
  }

  // ---- submits

  @Override
  protected int maxCommands() {
    return A5xxPackets.MAX_COMMANDS;
  }

  @Override
  protected boolean emit(MsmSubmit submit) {
    MsmRingbuffer ring = submit.ring();
    stallOnFault().reenable();
    if (!awaitRoom(ring, A5xxPackets.submitDwords(submit))) {
      return false;
    }
    traceSwitch(submit);
    packets.get(ring.id()).submit(submit);
    preempt.submitted(ring, submit.seqno());
    traceFlush(submit);
    flush(ring); // a yield stores the read pointer: no WHERE_AM_I is needed
    preempt.trigger();
    return true;
  }

  /** Kernel: {@code a5xx_flush()}. */
  private void flush(MsmRingbuffer ring) {
    int _ = ring.commit();
    preempt.flush(ring);
  }

  // ---- preemption

  /** Says so, and recovers. */
  void preemptionFailed(String function, String why) {
    error(function, "%s: %s", info().name(), why);
    recover();
  }

  @Override
  protected long timestamp() {
    return mmio.read(A5xx.RBBM_ALWAYSON_COUNTER);
  }

  // ---- interrupts

  /** {@inheritDoc} Kernel: {@code a5xx_irq()}. */
  @Override
  IrqReturn interrupt() {
    int status = mmio.read(A5xx.RBBM_INT_0_STATUS);
    mmio.write(A5xx.RBBM_INT_CLEAR_CMD, status & ~A5xx.INT_RBBM_AHB_ERROR.mask());
    if (settings().disableErrIrq()) {
      status &= A5xx.INT_CACHE_FLUSH_TS.mask() | A5xx.INT_CP_SW.mask();
    }
    if (A5xx.INT_CP_HW_ERROR.isSet(status)) {
      reportCp(mmio.read(A5xx.CP_INTERRUPT_STATUS));
    }
    if (A5xx.INT_HANG_DETECT.isSet(status)) {
      hangDetected();
    }
    if (A5xx.INT_CACHE_FLUSH_TS.isSet(status)) {
      preempt.trigger();
      retire();
    }
    if (A5xx.INT_CP_SW.isSet(status)) {
      preempt.switched();
    }
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code a5xx_cp_err_irq()}. */
  private void reportCp(int status) {
    if (A5xx.CP_INT_OPCODE_ERROR.isSet(status)) {
      mmio.write(A5xx.CP_PFP_STAT_ADDR, 0);
      var _ = mmio.read(A5xx.CP_PFP_STAT_DATA); // it is indexed, and index 1 is wanted
      cpError("CP | opcode error | possible opcode=0x%08X", mmio.read(A5xx.CP_PFP_STAT_DATA));
    }
    if (A5xx.CP_INT_HW_FAULT_ERROR.isSet(status)) {
      cpError("CP | HW fault | status=0x%08X", mmio.read(A5xx.CP_HW_FAULT));
    }
    if (A5xx.CP_INT_DMA_ERROR.isSet(status)) {
      cpError("CP | DMA error");
    }
    if (A5xx.CP_INT_REGISTER_PROTECTION_ERROR.isSet(status)) {
      int violation = mmio.read(A5xx.CP_PROTECT_STATUS);
      cpError(
          "CP | protected mode error | %s | addr=0x%08X | status=0x%08X",
          A5xx.PROTECT_STATUS_WRITE.isSet(violation) ? "WRITE" : "READ",
          A5xx.PROTECT_STATUS_ADDR.get(violation) >>> 2,
          violation);
    }
  }

  @FormatMethod
  private void cpError(@FormatString String format, Object... args) {
    device().errRatelimited("a5xx_cp_err_irq", format, args);
  }

  /** Kernel: {@code a5xx_fault_detect_irq()}. */
  private void hangDetected() {
    if (A5xx.STATUS3_SMMU_STALLED_ON_FAULT.isSet(mmio.read(A5xx.RBBM_STATUS3))) {
      return; // it only waits for the fault to be looked at
    }
    MsmRingbuffer ring = preempt.current();
    error(
        "a5xx_fault_detect_irq",
        "gpu fault ring %d fence %x status %08X rb %04x/%04x ib1 %016X/%04x ib2 %016X/%04x",
        ring.id(),
        ring.lastFence(),
        mmio.read(A5xx.RBBM_STATUS),
        mmio.read(A5xx.CP_RB_RPTR),
        mmio.read(A5xx.CP_RB_WPTR),
        mmio.read(A5xx.CP_IB1_BASE),
        mmio.read(A5xx.CP_IB1_BUFSZ),
        mmio.read(A5xx.CP_IB2_BASE),
        mmio.read(A5xx.CP_IB2_BUFSZ));
    recover();
  }

  // ---- hangs

  /** {@inheritDoc} An A5xx cannot tell: it has no {@code progress()} in Linux. */
  @Override
  protected boolean madeProgress(MsmRingbuffer ring) {
    return false;
  }

  /** Kernel: {@code a5xx_gpu_state_get()}. */
  @Override
  protected CrashState state(
      CrashState.@Nullable Fault fault, @Nullable ImmutableList<CrashState.Bo> bos) {
    return new CrashState(
        null,
        new CrashState.Revision(info().gpuId(), info().name()),
        fault,
        ImmutableList.of(),
        mmio.read(A5xx.RBBM_STATUS),
        ringStates(),
        bos,
        ImmutableList.of());
  }

  /** Kernel: {@code a5xx_recover()}. */
  @Override
  protected void reset() {
    dumpInfo();
    for (int i = 0; i < A5xx.CP_SCRATCH.count(); i++) {
      core().kernel().dmesg().info("CP_SCRATCH_REG%d: %d", i, scratch(i));
    }
    softReset();
  }

  @Override
  protected void softReset() {
    mmio.write(A5xx.RBBM_SW_RESET_CMD, 1);
    var _ = mmio.read(A5xx.RBBM_SW_RESET_CMD); // posted before anything follows
    mmio.write(A5xx.RBBM_SW_RESET_CMD, 0);
  }

  private long scratch(int index) {
    return Integer.toUnsignedLong(mmio.read(A5xx.CP_SCRATCH, index));
  }
}
