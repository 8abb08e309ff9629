package org.smmulator.drm.msm.adreno;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.StallOnFault;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuFaultInfo;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.Device;
import org.smmulator.trace.Dmesg;

/**
 * Reports accesses that the GPU's SMMU refused. Kernel: {@code adreno_fault_handler()}.
 *
 * <p>A fault stalls the GPU until its driver has looked. So that a client cannot keep it stalled,
 * faults only end the access until there was none for half a second. A GPU whose SMMU is nobody's
 * but the architecture's tells no more than where it faulted.
 */
abstract class AdrenoFaults implements IommuFaultHandler {
  private static final int FSR_TF = 1 << 1;
  private static final int FSR_PF = 1 << 3;
  private static final int FSR_EF = 1 << 4;
  private static final int FSR_SS = 1 << 30;
  private static final int FIRST_SCRATCH = 4;

  private final StallOnFault stall;
  private final Consumer<CrashState.Fault> dump;
  final Mmio mmio;
  private final Dmesg dmesg;
  private final @Nullable AdrenoSmmuPriv smmu;

  /**
   * Makes a handler and turns stalling on.
   *
   * @param dump takes a fault while it stalls the GPU
   * @param smmu {@code adreno-smmu-priv}; null if the GPU's SMMU has none
   */
  AdrenoFaults(
      StallOnFault stall,
      Consumer<CrashState.Fault> dump,
      Mmio mmio,
      Dmesg dmesg,
      @Nullable AdrenoSmmuPriv smmu) {
    this.stall = stall;
    this.dump = dump;
    this.mmio = mmio;
    this.dmesg = dmesg;
    this.smmu = smmu;
    stall.connect(smmu);
  }

  @Override
  public FaultResponse handle(
      IommuDomain.Paging domain, @Nullable Device device, long iova, int flags) {
    AdrenoSmmuFaultInfo info = smmu == null ? null : smmu.getFaultInfo();
    stall.backOff();
    report(info, iova, flags);
    if (info != null && (info.fsr() & FSR_SS) != 0) {
      dump.accept(
          new CrashState.Fault(
              info.ttbr0(),
              iova,
              (flags & WRITE) != 0,
              type(info.fsr()),
              source(info.fsynr1()),
              null));
    }
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
        source(info.fsynr1()),
        scratch[0],
        scratch[1],
        scratch[2],
        scratch[3]);
  }

  private long scratch(int index) {
    return Integer.toUnsignedLong(mmio.read(scratchRegisters(), FIRST_SCRATCH + index));
  }

  /** CP_SCRATCH, whose second half clients use. */
  abstract Reg32 scratchRegisters();

  /** Which block of the GPU faulted, as the SMMU's FSYNR1 has it. */
  abstract String source(int fsynr1);

  private static String type(int fsr) {
    if ((fsr & FSR_TF) != 0) {
      return "TRANSLATION";
    }
    if ((fsr & FSR_PF) != 0) {
      return "PERMISSION";
    }
    return (fsr & FSR_EF) != 0 ? "EXTERNAL" : "UNKNOWN";
  }
}
