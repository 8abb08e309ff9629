package org.smmulator.iommu.smmuv3.fault;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.smmulator.regs.smmuv3.Evt;

/** The log's words for an event. Kernel: {@code arm_smmu_dump_event()}. */
class ArmSmmuV3EventTest {
  private static final int IMPLEMENTATION_DEFINED = 0xe0;

  @Test
  void anEventThatTheDriverDoesNotKnowIsUnknown() {
    ArmSmmuV3Event event =
        new ArmSmmuV3Event(Evt.ID.of(IMPLEMENTATION_DEFINED) | Evt.SID.of(0x20), 0, 0, 0);

    assertThat(event.describe("2.display"))
        .isEqualTo("event: UNKNOWN client: 2.display sid: 0x20 ssid: 0x0");
  }

  /** Kernel: {@code class_tt} of {@code arm_smmu_decode_event()}. */
  @Test
  void onlyAPermissionFaultSaysWhetherTheWalkReadOrWrote() {
    long ofTheTable = Evt.CLASS.of(Evt.CLASS_TT) | Evt.TT_READ.mask();

    assertThat(new ArmSmmuV3Event(Evt.ID.of(Evt.F_PERMISSION), ofTheTable, 0, 0).describeAccess())
        .contains(" ttd_read ");
    assertThat(new ArmSmmuV3Event(Evt.ID.of(Evt.F_TRANSLATION), ofTheTable, 0, 0).describeAccess())
        .doesNotContain("ttd_");
  }
}
