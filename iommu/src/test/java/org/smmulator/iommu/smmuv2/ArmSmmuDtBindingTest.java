package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;

/** {@code mmu-masters}: an SMMU's own node says who masters through it. */
class ArmSmmuDtBindingTest {
  static PlainSmmu.Setup listing() {
    return PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K))
        .describedAs("compatible = \"arm,smmu-v2\"; mmu-masters = <&one 1>, <&other 2 6>;")
        .withDevices(
            "one: one@1 { #stream-id-cells = <1>; }; other: other@2 { #stream-id-cells = <2>; };");
  }

  @Test
  void aListedDeviceHasItsStreamsAndAnIdentityDomainWhateverThePolicy() throws Exception {
    try (PlainSmmu machine =
        new PlainSmmu(listing().underPolicy(TestKernel.WITH_DMA_LAYER)).probe()) {
      assertThat(ArmSmmuMasterCfg.of(machine.device(0)).ids().asList()).containsExactly(1);
      assertThat(ArmSmmuMasterCfg.of(machine.device(1)).ids().asList())
          .containsExactly(2, 6)
          .inOrder();
      for (Device device : ImmutableList.of(machine.device(0), machine.device(1))) {
        IommuDomain domain = requireNonNull(machine.kernel.iommu.domainOf(device));
        assertThat(domain.type()).isEqualTo(DomainType.IDENTITY);
      }
      assertThat(machine.kernel.log())
          .contains(
              "platform 1000.iommu: deprecated \"mmu-masters\" DT property in use; DMA API support"
                  + " unavailable");
    }
  }

  @Test
  void whoIsNotListedIsBehindNoSmmu() throws Exception {
    try (PlainSmmu machine = new PlainSmmu(listing()).probe()) {
      Device stranger = machine.smmu;
      machine.kernel.run(() -> machine.kernel.iommu.bus().deviceAdded(stranger));

      assertThat(machine.kernel.iommu.groupOf(stranger)).isNull();
    }
  }

  @Test
  void smmusThatSayItDifferentlyDoNotProbeTogether() throws Exception {
    DeviceTree tree =
        TestKernel.parse(
            """
            /dts-v1/;
            / {
              old { mmu-masters = <&one 1>; };
              new { #iommu-cells = <1>; };
              one: one { #stream-id-cells = <1>; };
            };
            """);
    try (TestKernel kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER)) {
      Device old = kernel.platformDevice(requireNonNull(tree.find("/old")));
      Device today = kernel.platformDevice(requireNonNull(tree.find("/new")));
      ArmSmmuDtBinding first = new ArmSmmuDtBinding();
      first.admit(old);
      first.admit(old);
      assertThat(first.isLegacy()).isTrue();
      assertThat(assertThrows(ErrnoException.class, () -> first.admit(today)).errno())
          .isEqualTo(Errno.ENODEV);

      ArmSmmuDtBinding second = new ArmSmmuDtBinding();
      second.admit(today);
      assertThat(second.isLegacy()).isFalse();
      assertThat(assertThrows(ErrnoException.class, () -> second.admit(old)).errno())
          .isEqualTo(Errno.ENODEV);
      assertThat(kernel.log())
          .contains("platform old.old: not probing due to mismatched DT properties");
    }
  }
}
