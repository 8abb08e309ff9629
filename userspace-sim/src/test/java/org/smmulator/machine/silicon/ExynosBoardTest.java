package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/** Two boards with many masters, each behind a sysmmu or two of its own. */
class ExynosBoardTest {
  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void everySysmmuBindsAndEveryMasterHasAGroupOfItsOwn(String board) throws Exception {
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      for (PlatformDevice device : machine.devices().devices()) {
        if (device.node().isCompatible("samsung,exynos-sysmmu")) {
          assertWithMessage(device.name()).that(device.driver()).isNotNull();
        }
        if (device.node().has("iommus") && device.driver() != null) {
          IommuGroup group = requireNonNull(machine.iommu().groupOf(device));
          assertThat(group.devices()).containsExactly(device);
        }
      }
    }
  }

  @Test
  void theDisplayControllerHasAPanel() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("tm2")).boot()) {
      assertThat(machine.panels().keySet()).containsExactly("decon@13800000");
    }
  }
}
