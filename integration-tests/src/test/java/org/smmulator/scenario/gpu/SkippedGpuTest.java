package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/** The module is loaded without its driver of GPUs: {@code skip_gpu} of {@code adreno_device.c}. */
class SkippedGpuTest {
  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c", "db845c", "trogdor"})
  void nobodyDrivesTheGpuAndThereIsNoNode(String board) throws Exception {
    KernelConfig config = KernelConfig.defaults().with("msm.skip-gpu", "1");
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      Client root = machine.hostRoot("root");

      var e = assertThrows(ErrnoException.class, () -> root.open("/dev/dri/renderD128"));

      assertThat(e.errno()).isEqualTo(Errno.ENOENT);
      int fd = root.openForReading("/sys/module/msm/parameters/skip_gpu");
      assertThat(new String(root.read(fd, 10), UTF_8)).isEqualTo("Y\n");
      assertThat(
              machine.devices().devices().stream()
                  .filter(device -> device.name().endsWith(".gpu"))
                  .allMatch(device -> device.driver() == null))
          .isTrue();
    }
  }
}
