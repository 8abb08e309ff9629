package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.StallOnFault;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.trace.Dmesg;

/**
 * The faults of an A6xx, with the block that they come from. Kernel: {@code a6xx_fault_handler()}.
 */
final class A6xxFaults extends AdrenoFaults {
  private static final int BLOCK = 0xff;

  private static final ImmutableList<String> UCHE_CLIENTS =
      ImmutableList.of("VFD", "SP", "VSC", "VPC", "HLSQ", "PC", "LRZ");

  A6xxFaults(
      StallOnFault stall,
      Consumer<CrashState.Fault> dump,
      Mmio mmio,
      Dmesg dmesg,
      @Nullable AdrenoSmmuPriv smmu) {
    super(stall, dump, mmio, dmesg, smmu);
  }

  @Override
  Reg32 scratchRegisters() {
    return A6xx.CP_SCRATCH;
  }

  /** Which block of the GPU. Kernel: {@code a6xx_fault_block()}. */
  @Override
  String source(int fsynr1) {
    return switch (fsynr1 & BLOCK) {
      case 0 -> "CP";
      case 1 -> "UCHE"; // stands for what has no number of its own
      case 2 -> uncertainClient();
      case 3 -> UCHE_CLIENTS.get(ucheClient());
      case 4 -> "CCU";
      case 6 -> "CDP Prefetch";
      case 7 -> "GMU";
      default -> "UNKNOWN";
    };
  }

  private String uncertainClient() {
    return ucheClient() == 0 ? "TP" : "TP|VFD";
  }

  /** Which client of UCHE faulted: seven have names. Kernel: {@code a6xx_uche_fault_block()}. */
  private int ucheClient() {
    return Math.min(mmio.read(A6xx.UCHE_CLIENT_PF) & 7, UCHE_CLIENTS.size() - 1);
  }
}
