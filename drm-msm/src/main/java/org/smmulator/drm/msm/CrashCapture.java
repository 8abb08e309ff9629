package org.smmulator.drm.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.coredump.CrashText;
import org.smmulator.kernel.devcoredump.DevCoredumps;

/**
 * Keeps what the GPU looked like when it crashed, until somebody has fetched it: one crash at a
 * time. Kernel: {@code msm_gpu_crashstate_capture()}.
 */
final class CrashCapture {
  /** The release whose behaviour this is: what {@code init_utsname()} would say. */
  private static final String RELEASE = "7.1.5";

  private final MsmGpu gpu;
  private final DevCoredumps dumps;
  private final SubmitSnapshot snapshot;
  private boolean pending;

  CrashCapture(MsmGpu gpu, DevCoredumps dumps, SubmitSnapshot snapshot) {
    this.gpu = gpu;
    this.dumps = dumps;
    this.snapshot = snapshot;
  }

  /** Returns whether a dump waits to be fetched. */
  boolean isPending() {
    return pending;
  }

  /**
   * Captures the state, unless an earlier one is there yet. The caller holds the GPU's lock.
   *
   * @param submit which one was running; null if none was
   * @param fault what the SMMU says, without the table; null after a hang
   */
  void capture(@Nullable MsmSubmit submit, CrashState.@Nullable Fault fault, Offender offender) {
    if (pending) {
      return;
    }
    pending = true;
    CrashState.Fault whole = fault;
    if (fault != null && submit != null) {
      whole = withTable(fault, submit);
    }
    CrashState state =
        submit == null
            ? gpu.state(whole, null)
            : gpu.state(whole, snapshot.bosOf(submit)).withVmLog(submit.vm().log());
    long timeNs = gpu.core().kernel().clock().nowNs();
    dumps.add(
        gpu.device().name(),
        new DevCoredumps.Dump() {
          @Override
          public String text() {
            return CrashText.devcoredump(
                RELEASE, timeNs, offender.comm(), offender.cmdline(), state);
          }

          @Override
          public void free() {
            pending = false;
          }
        });
  }

  private static CrashState.Fault withTable(CrashState.Fault fault, MsmSubmit submit) {
    if (!submit.vm().isPerProcess()) {
      return fault;
    }
    CrashState.Table table =
        new CrashState.Table(
            submit.vm().mmu().pagetableBase(), 0, submit.vm().mmu().descriptors(fault.iova()));
    return new CrashState.Fault(
        fault.ttbr0(), fault.iova(), fault.write(), fault.type(), fault.block(), table);
  }
}
