package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.kernel.process.ProcessDied;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** A driver cannot hand its device memory that the bus keeps out of reach. */
class DmaMaskTest {
  /** More than the bounce pool holds. */
  private static final int TOO_MUCH = 96 << 20;

  /** A bus that carries 32 bits of addresses; the clients' memory lies above. */
  private static final String NARROW_BUS =
      """
      /dts-v1/;
      #include "db845c.dts"
      &soc { dma-ranges = <0x0 0x0 0x0 0x0 0x1 0x0>; };
      """;

  @Test
  void touchingABufferThatTheGpuCannotReachIsTheClientsBusErrorAndNothingIsLost(
      @TempDir Path folder) throws Exception {
    Path board = Files.writeString(folder.resolve("narrow.dts"), NARROW_BUS);
    try (Machine machine = Machine.on(new Boards().load(board.toString())).boot()) {
      Client painter = machine.host("painter");
      MsmDevice gpu = new MsmDevice(painter, painter.open("/dev/dri/renderD128"));
      MsmBuffer buffer = gpu.newBuffer(TOO_MUCH, GemNew.WC);

      assertThrows(ProcessDied.class, () -> buffer.store32(0, 1));
      machine.settle();

      assertThat(machine.leakedPages()).isEmpty();
    }
  }
}
