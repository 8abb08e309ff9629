package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.adreno.A3xx;

/**
 * An Adreno 3xx and its ring. Kernel: {@code a3xx_gpu.c}.
 *
 * <p>Left out: microcode, which the model has built in, the registers of the bus interface and of
 * blocks that draw, and performance counters that nobody reads.
 */
final class A3xxGpu extends AdrenoMsmGpu {
  /** {@code A3XX_INT0_MASK}. */
  private static final int INTERRUPTS =
      A3xx.INT_RBBM_AHB_ERROR.mask()
          | A3xx.INT_ATB_BUS_OVERFLOW.mask()
          | A3xx.INT_CP_T0_PACKET_IN_IB.mask()
          | A3xx.INT_CP_OPCODE_ERROR.mask()
          | A3xx.INT_CP_RESERVED_BIT_ERROR.mask()
          | A3xx.INT_CP_HW_FAULT.mask()
          | A3xx.INT_CP_IB1.mask()
          | A3xx.INT_CP_IB2.mask()
          | A3xx.INT_CP_RB.mask()
          | A3xx.INT_CP_REG_PROTECT_FAULT.mask()
          | A3xx.INT_CP_AHB_ERROR_HALT.mask()
          | A3xx.INT_CACHE_FLUSH_TS.mask()
          | A3xx.INT_UCHE_OOB.mask();

  /** {@code MSM_GPU_RB_CNTL_DEFAULT}, and the read pointer is read from its register. */
  private static final int RB_CNTL =
      A3xx.RB_CNTL_BUFSZ.of(12) | A3xx.RB_CNTL_BLKSZ.of(2) | A3xx.RB_CNTL_NO_UPDATE.of(1);

  private static final int PROTECT_CTRL = 7;

  /**
   * The ranges that clients' packets may not touch, as {@code a3xx_hw_init()} has it, and behind
   * that the window to the context bank: Linux, with one table for all, leaves that open.
   */
  private static final int[] PROTECTED = {
    0x63000040,
    0x62000080,
    0x600000cc,
    0x60000108,
    0x64000140,
    0x66000400,
    0x65000700,
    0x610007d8,
    0x620007e0,
    0x61001178,
    0x64001180,
    0x60003300,
    0x6b00c000,
    A5xxGpu.protectRw(A3xx.BANK_WINDOW >>> 2, A3xx.BANK_WINDOW_BYTES >>> 2)
  };

  private final A3xxPackets packets;

  A3xxGpu(PlatformDevice device, Mmio mmio, MsmServices services, AdrenoInfo info, MsmVm kernelVm)
      throws ErrnoException {
    super(device, mmio, services, info, kernelVm);
    this.packets = new A3xxPackets(ring(0), A3xx.BANK_WINDOW);
  }

  @Override
  void destroy() {
    free();
  }

  /** {@inheritDoc} An A3xx has none of its own. Kernel: {@code msm_gpu_fault_handler()}. */
  @Override
  IommuFaultHandler faultHandler(@Nullable AdrenoSmmuPriv smmu) {
    return (domain, device, iova, flags) -> {
      core()
          .kernel()
          .dmesg()
          .warnRatelimited("msm_gpu_fault_handler", "*** fault: iova=%16x, flags=%d", iova, flags);
      return FaultResponse.HANDLED;
    };
  }

  // ---- start

  /** Kernel: {@code a3xx_hw_init()}. */
  @Override
  protected void hwInit() throws ErrnoException {
    MsmRingbuffer ring = ring(0);
    mmio.write(A3xx.RBBM_INT_0_MASK, INTERRUPTS);
    mmio.write(A3xx.CP_RB_CNTL, RB_CNTL);
    mmio.write(A3xx.CP_RB_BASE, (int) ring.iova());
    mmio.write(A3xx.CP_PROTECT_CTRL, PROTECT_CTRL);
    for (int i = 0; i < PROTECTED.length; i++) {
      mmio.write(A3xx.CP_PROTECT, i, PROTECTED[i]);
    }
    mmio.write(A3xx.CP_ME_CNTL, 0);
    packets.meInit();
    flush(ring);
    if (!awaitDrained(ring)
        || !spin(() -> !A3xx.STATUS_GPU_BUSY.isSet(mmio.read(A3xx.RBBM_STATUS)))) {
      error("a3xx_idle", "%s: timeout waiting for GPU to idle!", info().name());
      throw EINVAL.because("the GPU is not idle");
    }
  }

  /** {@inheritDoc} Kernel: {@code a3xx_gpu_busy()}. */
  @Override
  public long busyTicks() {
    return mmio.read(A3xx.RBBM_PERFCTR_RBBM_1);
  }

  /** Kernel: {@code a3xx_get_rptr()}. */
  @Override
  protected int readPointer(MsmRingbuffer ring) {
    return mmio.read(A3xx.CP_RB_RPTR);
  }

  // ---- submits

  @Override
  protected int maxCommands() {
    return A3xxPackets.MAX_COMMANDS;
  }

  @Override
  protected boolean emit(MsmSubmit submit) {
    MsmRingbuffer ring = submit.ring();
    if (!awaitRoom(ring, A3xxPackets.submitDwords(submit))) {
      return false;
    }
    traceSwitch(submit);
    packets.submit(submit);
    traceFlush(submit);
    flush(ring);
    return true;
  }

  /** Kernel: {@code adreno_flush()}. */
  private void flush(MsmRingbuffer ring) {
    mmio.write(A3xx.CP_RB_WPTR, ring.commit());
  }

  /** {@inheritDoc} An A3xx has no such counter that Linux reads. */
  @Override
  protected long timestamp() {
    return 0;
  }

  /** {@inheritDoc} Kernel: {@code a3xx_irq()}. */
  @Override
  IrqReturn interrupt() {
    mmio.write(A3xx.RBBM_INT_CLEAR_CMD, mmio.read(A3xx.RBBM_INT_0_STATUS));
    retire();
    return IrqReturn.HANDLED;
  }

  // ---- hangs

  /** {@inheritDoc} An A3xx cannot tell: it has no {@code progress()} in Linux. */
  @Override
  protected boolean madeProgress(MsmRingbuffer ring) {
    return false;
  }

  /** Kernel: {@code a3xx_gpu_state_get()}. */
  @Override
  protected CrashState state(
      CrashState.@Nullable Fault fault, @Nullable ImmutableList<CrashState.Bo> bos) {
    return new CrashState(
        null,
        new CrashState.Revision(info().gpuId(), info().name()),
        fault,
        ImmutableList.of(),
        mmio.read(A3xx.RBBM_STATUS),
        ringStates(),
        bos,
        ImmutableList.of());
  }

  /** Kernel: {@code a3xx_recover()}. */
  @Override
  protected void reset() {
    dumpInfo();
    for (int i = 0; i < A3xx.CP_SCRATCH.count(); i++) {
      long value = Integer.toUnsignedLong(mmio.read(A3xx.CP_SCRATCH, i));
      core().kernel().dmesg().info("CP_SCRATCH_REG%d: %d", i, value);
    }
    softReset();
  }

  @Override
  protected void softReset() {
    mmio.write(A3xx.RBBM_SW_RESET_CMD, 1);
    var _ = mmio.read(A3xx.RBBM_SW_RESET_CMD); // posted before anything follows
    mmio.write(A3xx.RBBM_SW_RESET_CMD, 0);
  }
}
