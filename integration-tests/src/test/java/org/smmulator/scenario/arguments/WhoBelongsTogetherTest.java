package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One group over several IOMMUs, a remedy of 2018 for engines that make up one logical device:
 * {@code iommu.groups}. The board says who belongs together.
 */
class WhoBelongsTogetherTest {
  /**
   * Two engines, each behind a sysmmu of its own, and the board's word that they are one. Their bus
   * carries 32 address bits, which is what a sysmmu translates.
   */
  private static final String TWO_SYSMMUS =
      Sysmmus.CLOCKS
          + """
          &soc {
            sys_a: sysmmu@c000000 { reg = <0x0 0xc000000 0x0 0x1000>; interrupts = <0 60 4>; SYSMMU };
            sys_b: sysmmu@c010000 { reg = <0x0 0xc010000 0x0 0x1000>; interrupts = <0 61 4>; SYSMMU };
            bus@c100000 {
              compatible = "simple-bus";
              #address-cells = <2>;
              #size-cells = <2>;
              ranges;
              dma-ranges = <0x0 0x0 0x0 0x0 0x1 0x0>;
              copy@c100000 {
                compatible = "smmulator,copy-engine";
                reg = <0x0 0xc100000 0x0 0x1000>;
                interrupts = <0 62 4>;
                dma-channels = <1>;
                iommus = <&sys_a>;
                smmulator,iommu-group = <7>;
              };
              copy@c110000 {
                compatible = "smmulator,copy-engine";
                reg = <0x0 0xc110000 0x0 0x1000>;
                interrupts = <0 63 4>;
                dma-channels = <1>;
                iommus = <&sys_b>;
                smmulator,iommu-group = <7>;
              };
            };
          };
          """
              .replace("SYSMMU", Sysmmus.V5);

  private static final String ONE = "c100000.copy";
  private static final String OTHER = "c110000.copy";
  private static final int VALUE = 0x600d;

  @TempDir Path folder;

  @Test
  void spanningABufferHasOneAddressForAllMembers() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", TWO_SYSMMUS, "iommu.groups=spanning")) {
      assertThat(trial.group(ONE)).isSameInstanceAs(trial.group(OTHER));
      assertThat(trial.group(ONE).devices())
          .containsExactly(trial.device(ONE), trial.device(OTHER));
      trial.inKernel(() -> {
        wake(trial);
        long page = trial.pages(1);
        trial.machine.dram().putInt(page, VALUE);
        long at = trial.machine.dma().mapPage(trial.device(ONE), page, Trial.PAGE, BIDIRECTIONAL);

        for (String engine : new String[] {ONE, OTHER}) {
          trial.copy(engine).copy(at, at + 64, 4, CopyController.NO_PASID);
          assertWithMessage(engine).that(trial.machine.dram().getInt(page + 64)).isEqualTo(VALUE);
          trial.machine.dram().putInt(page + 64, 0);
        }
        trial.machine.dma().unmapPage(trial.device(ONE), at, Trial.PAGE, BIDIRECTIONAL);
        assertThat(foundAt(trial, OTHER, at)).isEqualTo(0);
      });
    }
  }

  @Test
  void perMasterTheOtherFindsNothingThere() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", TWO_SYSMMUS)) {
      assertThat(trial.group(ONE)).isNotSameInstanceAs(trial.group(OTHER));
      trial.inKernel(() -> {
        wake(trial);
        long page = trial.pages(1);
        long at = trial.machine.dma().mapPage(trial.device(ONE), page, Trial.PAGE, BIDIRECTIONAL);

        assertThat(foundAt(trial, ONE, at)).isEqualTo(page);
        assertThat(foundAt(trial, OTHER, at)).isEqualTo(0);
      });
    }
  }

  @Test
  void aDriverPutsSuchAGroupIntoItsOwnDomainAsAWhole() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", TWO_SYSMMUS, "iommu.groups=spanning")) {
      Iommu iommu = trial.machine.iommu();
      IommuGroup group = trial.group(ONE);
      trial.inKernel(() -> {
        wake(trial);
        long page = trial.pages(1);
        trial.machine.dram().putInt(page, VALUE);
        IommuDomain.Paging own = iommu.allocPaging(trial.device(ONE));
        iommu.attachGroup(own, group);
        iommu.map(own, 0x10_0000, page, Trial.PAGE, IommuProt.READ | IommuProt.WRITE);
        for (String engine : new String[] {ONE, OTHER}) {
          trial.machine.dram().putInt(page + 64, 0);
          trial.copy(engine).copy(0x10_0000, 0x10_0040, 4, CopyController.NO_PASID);
          assertWithMessage(engine).that(trial.machine.dram().getInt(page + 64)).isEqualTo(VALUE);
        }

        iommu.detachGroup(group);
        assertThat(foundAt(trial, OTHER, 0x10_0000)).isEqualTo(0);
        var _ = iommu.unmap(own, 0x10_0000, Trial.PAGE);
        iommu.free(own);
      });
    }
  }

  @Test
  void anArmDomainIsOneSmmusSoThatTheSecondMemberIsRefused() throws Exception {
    String spanning =
        """
        &usb0 { smmulator,iommu-group = <1>; };
        &usb1 { smmulator,iommu-group = <1>; };
        """;
    try (Trial trial = Trial.derived(folder, "virt", spanning, "iommu.groups=spanning")) {
      Iommu iommu = trial.machine.iommu();
      Device one = trial.device("a030000.usb");
      Device other = trial.device("a060000.usb");

      assertThat(iommu.groupOf(other)).isNull();
      assertThat(trial.group("a030000.usb").devices()).containsExactly(one);
      assertThrows(ErrnoException.class, () -> iommu.attach(iommu.allocPaging(other), other));
    }
  }

  /** A sysmmu sleeps, and lets everything pass, while its master does. */
  private static void wake(Trial trial) throws ErrnoException {
    trial.wake(ONE);
    trial.wake(OTHER);
  }

  /** Translates an address as an engine would; a sysmmu's fault would panic the machine. */
  private static long foundAt(Trial trial, String engine, long at) {
    IommuDomain domain = requireNonNull(trial.group(engine).domain());
    return trial.machine.iommu().iovaToPhys(domain, at);
  }
}
