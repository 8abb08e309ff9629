package org.smmulator.drm.msm.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuFaultInfo;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.trace.Dmesg;

/**
 * Reports accesses that the GPU's SMMU refused. Kernel: {@code a6xx_fault_handler()} and {@code
 * adreno_fault_handler()}.
 *
 * <p>A fault stalls the GPU until its driver has looked. So that a client cannot keep it stalled,
 * faults only end the access until there was none for half a second. A GPU whose SMMU is nobody's
 * but the architecture's tells no more than where it faulted.
 */
final class A6xxFaults implements IommuFaultHandler {
  private static final long STALL_PAUSE_NS = 500_000_000;
  private static final int FSR_TF = 1 << 1;
  private static final int FSR_PF = 1 << 3;
  private static final int FSR_EF = 1 << 4;
  private static final int FIRST_SCRATCH = 4;

  private final Mmio mmio;
  private final Dmesg dmesg;
  private final Scheduler scheduler;
  private final @Nullable AdrenoSmmuPriv smmu;
  private boolean stalls;
  private long stallAgainNs;

  /**
   * Makes a handler and turns stalling on.
   *
   * @param smmu {@code adreno-smmu-priv}; null if the GPU's SMMU has none
   */
  A6xxFaults(Mmio mmio, Dmesg dmesg, Scheduler scheduler, @Nullable AdrenoSmmuPriv smmu) {
    this.mmio = mmio;
    this.dmesg = dmesg;
    this.scheduler = scheduler;
    this.smmu = smmu;
    setStall(true);
  }

  private void setStall(boolean enabled) {
    stalls = enabled;
    if (smmu != null) {
      smmu.setStall(enabled);
    }
  }

  /** Turns stalling on again after half a second. Called before each submit. */
  void reenableStall() {
    if (!stalls && scheduler.nowNs() >= stallAgainNs) {
      setStall(true);
    }
  }

  @Override
  public FaultResponse handle(
      IommuDomain.Paging domain, @Nullable Device device, long iova, int flags) {
    AdrenoSmmuFaultInfo info = smmu == null ? null : smmu.getFaultInfo();
    report(info, iova, flags);
    if (stalls) {
      setStall(false);
    }
    stallAgainNs = scheduler.nowNs() + STALL_PAUSE_NS;
    return FaultResponse.HANDLED;
  }

  /**
   * Says what is known of a fault.
   *
   * @param info null if the SMMU has no {@code adreno-smmu-priv}
   */
  void report(@Nullable AdrenoSmmuFaultInfo info, long iova, int flags) {
    long[] scratch = {scratch(0), scratch(1), scratch(2), scratch(3)};
    if (info == null) {
      dmesg.warnRatelimited(
          "adreno_fault_handler",
          "*** gpu fault: iova=%016x flags=%d (%d,%d,%d,%d)",
          iova,
          flags,
          scratch[0],
          scratch[1],
          scratch[2],
          scratch[3]);
      return;
    }
    dmesg.warnRatelimited(
        "adreno_fault_handler",
        "*** gpu fault: ttbr0=%016x iova=%016x dir=%s type=%s source=%s (%d,%d,%d,%d)",
        info.ttbr0(),
        iova,
        (flags & WRITE) != 0 ? "WRITE" : "READ",
        type(info.fsr()),
        source(info.fsynr1() & 0xff),
        scratch[0],
        scratch[1],
        scratch[2],
        scratch[3]);
  }

  private long scratch(int index) {
    return Integer.toUnsignedLong(mmio.read(A6xx.CP_SCRATCH, FIRST_SCRATCH + index));
  }

  private static String type(int fsr) {
    if ((fsr & FSR_TF) != 0) {
      return "TRANSLATION";
    }
    if ((fsr & FSR_PF) != 0) {
      return "PERMISSION";
    }
    return (fsr & FSR_EF) != 0 ? "EXTERNAL" : "UNKNOWN";
  }

  /** Which block of the GPU; numbers that are shared are those of UCHE's clients. */
  private static String source(int block) {
    return switch (block) {
      case 0 -> "CP";
      case 4 -> "CCU";
      case 6 -> "CDP Prefetch";
      case 7 -> "GMU";
      default -> "UCHE";
    };
  }
}
