package org.smmulator.drm.msm.adreno;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.msm.StallOnFault;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Wire;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.smmuv2.AdrenoSmmuFaultInfo;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.trace.Dmesg;

/** The log's words for a GPU's faults. Kernel: {@code adreno_fault_handler()}. */
class A6xxFaultsTest {
  private static final int FSR_PERMISSION = 1 << 3;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final Mmio mmio =
      new Mmio("gpu", new Scratch(), 0, A6xx.WINDOW_BYTES, Wire.tiedHigh(), scheduler, 0);

  /** Registers that all hold seven. */
  private static final class Scratch implements MmioTarget {
    @Override
    public int read32(int offset) {
      return 7;
    }

    @Override
    public void write32(int offset, int value) {}
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void behindAnSmmuOfTheArchitectureOnlyTheAddressIsKnown() {
    A6xxFaults faults =
        new A6xxFaults(new StallOnFault(scheduler, () -> false), fault -> {}, mmio, dmesg, null);

    faults.report(null, 0xdead_0000L, IommuFaultHandler.WRITE);

    assertThat(log()).containsExactly("*** gpu fault: iova=00000000dead0000 flags=1 (7,7,7,7)");
  }

  @Test
  void tenFaultsInFiveSecondsAreTold() {
    A6xxFaults faults =
        new A6xxFaults(new StallOnFault(scheduler, () -> false), fault -> {}, mmio, dmesg, null);
    AdrenoSmmuFaultInfo info =
        new AdrenoSmmuFaultInfo(0xdead_0000L, 0x8a3c_1000L, 0, FSR_PERMISSION, 0, 0, 0);

    for (int i = 0; i < 12; i++) {
      faults.report(info, 0xdead_0000L, IommuFaultHandler.READ);
    }

    assertThat(log()).hasSize(10);
    assertThat(log().getFirst())
        .isEqualTo(
            "*** gpu fault: ttbr0=000000008a3c1000 iova=00000000dead0000 dir=READ"
                + " type=PERMISSION source=CP (7,7,7,7)");
  }

  private ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }
}
