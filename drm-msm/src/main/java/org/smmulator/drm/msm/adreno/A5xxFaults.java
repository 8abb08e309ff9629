package org.smmulator.drm.msm.adreno;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.StallOnFault;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.regs.adreno.A5xx;
import org.smmulator.trace.Dmesg;

/** The faults of an A5xx, whose source is a bare number. Kernel: {@code a5xx_fault_handler()}. */
final class A5xxFaults extends AdrenoFaults {
  A5xxFaults(
      StallOnFault stall,
      Consumer<CrashState.Fault> dump,
      Mmio mmio,
      Dmesg dmesg,
      @Nullable AdrenoSmmuPriv smmu) {
    super(stall, dump, mmio, dmesg, smmu);
  }

  @Override
  Reg32 scratchRegisters() {
    return A5xx.CP_SCRATCH;
  }

  @Override
  String source(int fsynr1) {
    return Integer.toHexString(fsynr1);
  }
}
