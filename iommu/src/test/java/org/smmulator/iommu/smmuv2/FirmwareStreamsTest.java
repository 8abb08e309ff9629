package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.smmuv2.Gr0;

/** Which streams a device has, as its node and the SMMU's say it. */
class FirmwareStreamsTest {
  private static final String ONE_CELL = "compatible = \"arm,smmu-v2\"; #iommu-cells = <1>;";
  private static final String TWO_CELLS = "compatible = \"arm,smmu-v2\"; #iommu-cells = <2>;";

  private static final String LATE =
      """
      one@1 { iommus = <&smmu 0x100 0xf>; };
      other@2 { iommus = <&smmu 2 0>; };
      late@3 { iommus = %s; };
      """;

  @Test
  void theSecondCellIsTheMask() throws Exception {
    try (PlainSmmu machine =
        boot(
            TWO_CELLS,
            "one@1 { iommus = <&smmu 0x100 0x3f>; }; other@2 { iommus = <&smmu 2 0>; };")) {
      assertThat(machine.mmio().read(Gr0.SMR, 0)).isEqualTo(0x803f_0100);
      assertThat(machine.mmio().read(Gr0.SMR, 1)).isEqualTo(0x8000_0002);
      assertThat(machine.mmio().read(Gr0.S2CR, 0)).isEqualTo(0x1_0000);
    }
  }

  @Test
  void withOneCellTheSmmusNodeMayHaveAMaskForAll() throws Exception {
    try (PlainSmmu machine =
        boot(
            ONE_CELL + " stream-match-mask = <0x300>;",
            "one@1 { iommus = <&smmu 1>; }; other@2 { iommus = <&smmu 2>; };")) {
      assertThat(machine.mmio().read(Gr0.SMR, 0)).isEqualTo(0x8300_0001);
      assertThat(machine.mmio().read(Gr0.SMR, 1)).isEqualTo(0x8300_0002);
    }
  }

  @Test
  void streamsThatMeetUnderTheirMasksAreRefused() throws Exception {
    try (PlainSmmu machine = boot(TWO_CELLS, LATE.formatted("<&smmu 0x108 0x30>"))) {
      Device late = addLate(machine);

      assertThat(machine.kernel.iommu.groupOf(late)).isNull();
      assertThat(machine.mmio().read(Gr0.SMR, 2) & 1 << 31).isEqualTo(0);
    }
  }

  @Test
  void aStreamOrAMaskThatTheHardwareLacksIsRefusedAndNamed() throws Exception {
    try (PlainSmmu machine = boot(TWO_CELLS, LATE.formatted("<&smmu 3 0x400>"))) {
      assertThat(machine.kernel.iommu.groupOf(addLate(machine))).isNull();
      assertThat(machine.kernel.log())
          .contains("platform 3.late: SMR mask 0x400 out of range for SMMU (0x3ff)");
    }
    try (PlainSmmu machine = boot(TWO_CELLS, LATE.formatted("<&smmu 0x400 0>"))) {
      assertThat(machine.kernel.iommu.groupOf(addLate(machine))).isNull();
      assertThat(machine.kernel.log())
          .contains("platform 3.late: stream ID 0x400 out of range for SMMU (0x3ff)");
    }
  }

  @Test
  void aDeviceWhoseStreamsAreInTwoGroupsIsRefusedAndTakesNothing() throws Exception {
    try (PlainSmmu machine = boot(TWO_CELLS, LATE.formatted("<&smmu 0x100 0xf>, <&smmu 2 0>"))) {
      Device both = addLate(machine);

      assertThat(machine.kernel.iommu.groupOf(both)).isNull();
      assertThat(machine.kernel.iommu.groups()).hasSize(2);
      assertThat(both.find(ArmSmmuMasterCfg.class)).isNull();
      assertThat(machine.kernel.iommu.domainOf(machine.device(0)))
          .isEqualTo(IommuDomain.Fixed.IDENTITY);
      // The others' entries are theirs alone again: they go with them.
      machine.kernel.run(() -> machine.kernel.iommu.bus().deviceRemoved(machine.device(0)));
      assertThat(machine.mmio().read(Gr0.SMR, 0) & 1 << 31).isEqualTo(0);
    }
  }

  /** The third device comes when the SMMU works already. */
  private static Device addLate(PlainSmmu machine) throws Exception {
    Device late = machine.kernel.platformDevice(requireNonNull(machine.tree().find("/late@3")));
    machine.kernel.run(() -> machine.kernel.iommu.bus().deviceAdded(late));
    return late;
  }

  private static PlainSmmu boot(String node, String devices) throws Exception {
    return new PlainSmmu(PlainSmmu.Setup.of(hardware()).describedAs(node).withDevices(devices))
        .probe();
  }

  private static SmmuV2Config hardware() {
    return PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K);
  }
}
